from django.contrib import admin
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.admin import CityScoped, OwnCities, TermAdmin
from learningcities.desk.item.checked_today import CheckedAdmin
from learningcities.desk.item.completeness import CompletenessAdmin
from learningcities.desk.item.form import ItemForm
from learningcities.desk.item.item_admin import ItemAdmin
from learningcities.desk.item.part_admin import PartInline
from learningcities.desk.item.preview import PreviewedAdmin
from learningcities.desk.item.tracked_admin import BY_WORDS
from learningcities.publishing.version.content_version import moment

from .models import Audience, Initiative, InitiativeFigure, InitiativePhoto, KeyFeature, Partner, Theme, Update
from .sections import INITIATIVE


class InitiativeForm(ItemForm):
    def clean(self):
        cleaned = super().clean()
        if city := cleaned.get("city"):
            self.instance.city = city
        for name, sentence in self.instance.foreign(cleaned.get("axes", ()), cleaned.get("places", ())).items():
            self.add_error(name, sentence)
        return cleaned


class PartnerInline(PartInline):
    model = Partner
    fieldsets = [(None, {"fields": ["name", "role", "website"]})]


class InitiativeFigureInline(PartInline):
    model = InitiativeFigure
    autocomplete_fields = ["document"]
    fieldsets = [(None, {"fields": ["label", ("value", "year"), "unit", "source", ("source_url", "document")]})]


class UpdateInline(PartInline):
    model = Update
    fieldsets = [(None, {"fields": ["date", "title", "text"]})]


class InitiativePhotoInline(PartInline):
    model = InitiativePhoto
    autocomplete_fields = ["photo"]
    fieldsets = [(None, {"fields": [("photo", "position"), "caption", "alternative"]})]


@admin.register(Initiative)
class InitiativeAdmin(CheckedAdmin, CityScoped, CompletenessAdmin, PreviewedAdmin, ItemAdmin):
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
    form = InitiativeForm
    list_display = ["title", "city"]
    list_filter = [("city", OwnCities), "status", "themes", "audiences"]
    list_select_related = ["city"]
    search_fields = BY_WORDS
    autocomplete_fields = [
        *("city", "cover", "themes", "sdgs", "key_features", "audiences", "axes", "places", "documents"),
    ]
    inlines = [PartnerInline, InitiativeFigureInline, UpdateInline, InitiativePhotoInline]
    fieldsets = [
        (_("Identity"), {"fields": ["city", "title", "slug", "summary", "cover", "cover_alternative"]}),
        (_("Time"), {"fields": [("status", "status_on"), ("start", "end"), "checked_on"]}),
        (_("Who and what for"), {"fields": ["themes", "audiences", "sdgs", "key_features", "axes", "places"]}),
        (_("Why and how"), {"fields": ["context", "objectives", "beneficiaries", "method"]}),
        (
            _("What came of it"),
            {
                "fields": [
                    "results",
                    "helped",
                    "hindered",
                    "sustainability",
                    "lessons",
                    "sources",
                    "documents",
                    "website",
                ]
            },
        ),
    ]

    def given_to_new(self):
        """Whoever adds an initiative knows how things stand today."""
        return {"status_on": localdate(moment()).isoformat()}

    def get_changeform_initial_data(self, request):
        return {**self.given_to_new(), **super().get_changeform_initial_data(request)}


@admin.register(KeyFeature)
class KeyFeatureAdmin(TermAdmin):
    list_display = ["name", "area", "position"]
    list_filter = ["area"]
    fields = ["name", "slug", "area", "position"]


admin.site.register([Theme, Audience], TermAdmin)
