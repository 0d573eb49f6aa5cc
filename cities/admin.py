from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from learningcities.desk.item.item_admin import ItemAdmin
from learningcities.desk.item.tracked_admin import BY_WORDS, TrackedAdmin
from learningcities.desk.media import AlternativeFilter, FileAdmin, ImageAdmin, UseFilter
from learningcities.desk.section import one_section
from learningcities.desk.uploads import UploadAdmin
from learningcities.people.models import User

from .models import (
    SDG,
    City,
    Country,
    Document,
    Indicator,
    LearningPlace,
    Photo,
    PlaceKind,
    Region,
    Tag,
)
from .people_admin import PersonAdmin
from .rules import city_ids
from .sections import CITY, DOCUMENT, PHOTO, PLACE


class OwnCities(admin.RelatedFieldListFilter):
    """A list filter by city: an editor meets the names of their own cities only; what has none is the network's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_value_display = _("the network")

    def field_choices(self, field, request, model_admin):
        own = {} if request.user.is_coordinator else {"pk__in": city_ids(request.user)}
        return field.get_choices(include_blank=False, limit_choices_to=own)


class CityScoped:
    """Rows that belong to a city: an editor adds to their own."""

    def get_changeform_initial_data(self, request):
        cities = city_ids(request.user)
        only = next(iter(cities)) if len(cities) == 1 else None
        return {"city": only, **super().get_changeform_initial_data(request)}


@admin.register(City)
class CityAdmin(ItemAdmin):
    is_previewed = True
    sections = CITY
    new_title = _("A new city")
    new_questions = {"name": _("What is it called?"), "region": _("In which region is it?")}
    list_display = ["name", "region"]
    list_filter = ["region__country", "region"]
    list_select_related = ["region__country"]
    search_fields = BY_WORDS


@admin.register(LearningPlace)
class LearningPlaceAdmin(CityScoped, ItemAdmin):
    sections = PLACE
    new_title = _("A new learning place")
    new_questions = {
        "city": _("Which city does it belong to?"),
        "name": _("What is it called?"),
        "kind": _("What kind of place is it?"),
        "text": _("What does one learn there, and who may come?"),
    }
    list_display = ["name", "kind", "city"]
    list_filter = ["kind", ("city", OwnCities)]
    list_select_related = ["kind", "city"]
    search_fields = BY_WORDS


class MediaOfCities(CityScoped):
    """The media library: what belongs to no city is the network's."""

    list_filter = [("city", OwnCities), "tags", UseFilter]
    list_select_related = ["city"]


@admin.register(Photo)
class PhotoAdmin(UploadAdmin, MediaOfCities, ImageAdmin):
    sections = PHOTO
    help_part = "photos"
    adding = _("Add photos")
    list_display = ["thumbnail", "__str__", "city", "credit"]
    list_display_links = ["thumbnail", "__str__"]
    list_filter = [*MediaOfCities.list_filter, AlternativeFilter]
    list_per_page = 48


@admin.register(Document)
class DocumentAdmin(MediaOfCities, FileAdmin):
    sections = DOCUMENT
    help_part = "documents"
    new_title = _("A new document")
    new_questions = {
        "file": _("Which file?"),
        "title": _("What is its title?"),
        "city": _("Which city does it belong to?"),
        "tags": _("Under which words do your colleagues find it?"),
    }
    list_display = ["title", "kind", "size_shown", "city"]


class ReferenceAdmin(TrackedAdmin):
    """Rows that everyone chooses from and coordinators edit: editors don't meet them in the menu."""

    search_fields = ["name_fr", "name_ar", "name_en"]

    def get_model_perms(self, request):
        return super().get_model_perms(request) if request.user.is_coordinator else {}


class TermAdmin(ReferenceAdmin):
    """A vocabulary."""

    sections = one_section("name", "slug", "position")
    list_display = ["name", "slug", "position"]


@admin.register(Country)
class CountryAdmin(ReferenceAdmin):
    list_display = ["name", "code", "unesco_region"]
    list_filter = ["unesco_region"]
    sections = one_section("name", "code", "unesco_region")


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    list_display = ["name", "country"]
    list_filter = ["country"]
    list_select_related = ["country"]
    sections = one_section("name", "slug", "country")


@admin.register(SDG)
class SDGAdmin(ReferenceAdmin):
    list_display = ["number", "name", "colour"]
    list_display_links = ["name"]
    sections = one_section("number", "name", "colour")


@admin.register(Indicator)
class IndicatorAdmin(TermAdmin):
    sections = one_section("name", "unit", "slug", "position")


admin.site.register([PlaceKind, Tag], TermAdmin)

admin.site.unregister(User)
admin.site.register(User, PersonAdmin)
