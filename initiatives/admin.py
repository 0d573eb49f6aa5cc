from django.contrib import admin
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.admin import CityScoped, OwnCities, TermAdmin
from learningcities.desk.item.item_admin import ItemAdmin
from learningcities.desk.item.tracked_admin import BY_WORDS
from learningcities.desk.section import one_section
from learningcities.publishing.version.content_version import moment

from .models import Audience, Initiative, KeyFeature, Theme
from .sections import INITIATIVE


@admin.register(Initiative)
class InitiativeAdmin(CityScoped, ItemAdmin):
    is_previewed = True
    sections = INITIATIVE
    adding = _("New initiative")
    new_title = _("A new initiative")
    new_questions = {
        "city": _("Which city does it belong to?"),
        "title": _("What is it called?"),
        "summary": _("What is it, in two sentences?"),
        "cover": _("Have you a photo?"),
        "start": _("Since when?"),
        "audiences": _("Who is it for?"),
    }
    list_display = ["title", "city"]
    list_filter = [("city", OwnCities), "status", "themes", "audiences"]
    list_select_related = ["city"]
    search_fields = BY_WORDS

    def given_to_new(self):
        """Whoever adds an initiative knows how things stand today."""
        return {"status_on": localdate(moment()).isoformat()}


@admin.register(KeyFeature)
class KeyFeatureAdmin(TermAdmin):
    list_display = ["name", "area", "position"]
    list_filter = ["area"]
    sections = one_section("name", "slug", "area", "position")


admin.site.register([Theme, Audience], TermAdmin)
