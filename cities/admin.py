from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdminMixin

from learningcities.desk.boards.care import CareAdmin
from learningcities.desk.item.completeness import CompletenessAdmin
from learningcities.desk.item.item_admin import ItemAdmin
from learningcities.desk.item.part_admin import PartInline
from learningcities.desk.item.preview import PreviewedAdmin
from learningcities.desk.item.tracked_admin import BY_WORDS, TrackedAdmin
from learningcities.desk.media import AlternativeFilter, FileAdmin, ImageAdmin, UseFilter
from learningcities.desk.spreadsheets import ListAdmin
from learningcities.desk.uploads import UploadAdmin
from learningcities.people.models import User

from .models import (
    SDG,
    Axis,
    City,
    CityFigure,
    CityPhoto,
    Country,
    Document,
    Indicator,
    LearningPlace,
    Photo,
    PlaceKind,
    Recognition,
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


class RecognitionInline(PartInline):
    model = Recognition
    fieldsets = [(None, {"fields": [("kind", "date"), "title", "text", "source", "source_url"]})]


class AxisInline(PartInline):
    model = Axis
    autocomplete_fields = ["sdgs"]
    fieldsets = [(None, {"fields": ["title", "text", "sdgs", "position"]})]


class CityFigureInline(PartInline):
    model = CityFigure
    autocomplete_fields = ["document"]
    fieldsets = [
        (None, {"fields": ["indicator", "label", ("value", "year"), "unit", "source", ("source_url", "document")]})
    ]


class CityPhotoInline(PartInline):
    model = CityPhoto
    autocomplete_fields = ["photo"]
    fieldsets = [(None, {"fields": [("photo", "position"), "caption", "alternative"]})]


@admin.register(City)
class CityAdmin(CareAdmin, CompletenessAdmin, PreviewedAdmin, ItemAdmin):
    sections = CITY
    new_title = _("A new city")
    new_questions = {"name": _("What is it called?"), "region": _("In which region is it?")}
    list_display = ["name", "region"]
    list_filter = ["region__country", "region"]
    list_select_related = ["region__country"]
    search_fields = BY_WORDS
    autocomplete_fields = ["region", "cover", "editors"]
    inlines = [RecognitionInline, AxisInline, CityFigureInline, CityPhotoInline]
    fieldsets = [
        (_("Identity"), {"fields": ["name", "slug", "also_known_as", "region", "province"]}),
        (_("In brief"), {"fields": ["summary", "cover", "cover_alternative", "colour"]}),
        (_("The city and its learning"), {"fields": ["motivation", "body", "challenges"]}),
        (_("Vision"), {"fields": ["vision_title", "vision_year", "vision"]}),
        (_("On the map"), {"fields": [("latitude", "longitude")]}),
        (_("Contact"), {"fields": ["website", "contact_office", ("contact_email", "contact_phone")]}),
        (_("For the staff"), {"fields": ["note", "editors"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """Who edits a city is for the coordinators to say, and not while they are still typing."""
        own = () if request.user.is_coordinator and not self.is_autosave(request) else ("editors",)
        return [*super().get_readonly_fields(request, obj), *own]


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
    autocomplete_fields = ["city", "kind"]
    fieldsets = [
        (None, {"fields": ["city", "name", "slug", "kind", "text"]}),
        (_("Facts"), {"fields": [("capacity", "opened"), "year", "source"]}),
        (_("Where"), {"fields": [("latitude", "longitude"), "website"]}),
    ]


class MediaOfCities(CityScoped):
    """The media library: what belongs to no city is the network's."""

    list_filter = [("city", OwnCities), "tags", UseFilter]
    list_select_related = ["city"]
    autocomplete_fields = ["city", "tags"]


@admin.register(Photo)
class PhotoAdmin(UploadAdmin, MediaOfCities, ImageAdmin):
    sections = PHOTO
    help_part = "photos"
    adding = _("Add photos")
    list_display = ["thumbnail", "__str__", "city", "credit"]
    list_display_links = ["thumbnail", "__str__"]
    list_filter = [*MediaOfCities.list_filter, AlternativeFilter]
    list_per_page = 48
    readonly_fields = ["preview"]
    fieldsets = [
        (None, {"fields": ["preview", ("focus_x", "focus_y"), "file", "city", "tags"]}),
        (_("For those who can't see it"), {"fields": ["alternative", "decorative"]}),
        (_("Rights"), {"fields": ["credit", "licence", "consent", "consent_until"]}),
    ]


@admin.register(Document)
class DocumentAdmin(MediaOfCities, FileAdmin):
    sections = DOCUMENT
    help_part = "documents"
    list_display = ["title", "kind", "size_shown", "city"]
    readonly_fields = ["stored"]
    fieldsets = [(None, {"fields": ["title", "file", "stored", "city", "tags"]})]


@admin.register(Axis)
class AxisAdmin(ListAdmin, ObjectPermissionsModelAdminMixin, admin.ModelAdmin):
    """Axes are edited on the city's page; this only lets an initiative find them."""

    search_fields = ["title_fr", "title_ar", "title_en", "city__name_fr", "city__name_ar"]

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user)

    def get_model_perms(self, request):
        return {}

    def no(self, request, obj=None):
        return False

    has_add_permission = has_change_permission = has_delete_permission = no


class ReferenceAdmin(TrackedAdmin):
    """Rows that everyone chooses from and coordinators edit: editors don't meet them in the menu."""

    search_fields = ["name_fr", "name_ar", "name_en"]

    def get_model_perms(self, request):
        return super().get_model_perms(request) if request.user.is_coordinator else {}


class TermAdmin(ReferenceAdmin):
    """A vocabulary."""

    list_display = ["name", "slug", "position"]
    fields = ["name", "slug", "position"]


@admin.register(Country)
class CountryAdmin(ReferenceAdmin):
    list_display = ["name", "code", "unesco_region"]
    list_filter = ["unesco_region"]
    fields = ["name", "code", "unesco_region"]


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    list_display = ["name", "country"]
    list_filter = ["country"]
    list_select_related = ["country"]
    fields = ["name", "slug", "country"]


@admin.register(SDG)
class SDGAdmin(ReferenceAdmin):
    list_display = ["number", "name", "colour"]
    list_display_links = ["name"]
    fields = ["number", "name", "colour"]


@admin.register(Indicator)
class IndicatorAdmin(TermAdmin):
    fields = ["name", "unit", "slug", "position"]


admin.site.register([PlaceKind, Tag], TermAdmin)

admin.site.unregister(User)
admin.site.register(User, PersonAdmin)
