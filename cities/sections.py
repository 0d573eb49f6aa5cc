"""The sections by which cities, places, photos and documents are edited."""

from django.utils.translation import gettext_lazy as _

from learningcities.desk.section import Section

FIGURE = ("value", "unit", "year", "source", "source_url", "document")
GALLERY = Section(
    "gallery",
    _("In pictures"),
    ("photo", "caption", "alternative"),
    part="gallery",
    help=_("Photos that visitors leaf through."),
)
ADDRESS = Section("address", _("Name in the address"), ("slug",), is_rare=True)

CITY = [
    Section("names", _("Names"), ("name",), is_name=True),
    Section("brief", _("In brief"), ("summary", "cover", "cover_alternative")),
    Section("motivation", _("Why a learning city"), ("motivation",)),
    Section("body", _("How the city learns"), ("body",)),
    Section("challenges", _("Challenges"), ("challenges",)),
    Section(
        "recognitions",
        _("Recognitions"),
        ("kind", "date", "title", "text", "source", "source_url"),
        part="recognitions",
        line=("title", "date", "source"),
    ),
    Section("vision", _("Vision"), ("vision_title", "vision_year", "vision")),
    Section("axes", _("Strategic axes"), ("title", "text", "sdgs"), part="axes", line=("title", "text")),
    Section(
        "figures",
        _("Figures"),
        ("indicator", "label", *FIGURE),
        part="figures",
        line=("name", "value", "year", "source"),
    ),
    Section("map", _("Where it is"), ("region", "province", "latitude", "longitude")),
    GALLERY,
    Section("contact", _("Contact"), ("website", "contact_office", "contact_email", "contact_phone")),
    ADDRESS,
    Section("spellings", _("Other names"), ("also_known_as",), is_rare=True),
    Section("colour", _("Colour"), ("colour",), is_rare=True),
    Section("note", _("Note for the staff"), ("note",), is_rare=True),
]
PLACE = [
    Section("names", _("Names"), ("name",), is_name=True),
    Section("brief", _("In brief"), ("city", "kind", "text")),
    Section("facts", _("Facts"), ("capacity", "opened", "year", "source")),
    Section("map", _("Where it is"), ("latitude", "longitude", "website")),
    ADDRESS,
]
PHOTO = [
    Section("picture", _("The photo"), ("file", "focus_x", "focus_y"), picture="preview"),
    Section("alternative", _("For those who can't see it"), ("alternative", "decorative")),
    Section("rights", _("Rights"), ("credit", "licence", "consent", "consent_until")),
    Section("shelf", _("Where it belongs"), ("city", "tags")),
]
DOCUMENT = [
    Section("names", _("Names"), ("title",), is_name=True),
    Section("file", _("The file"), ("file",), picture="stored"),
    Section("shelf", _("Where it belongs"), ("city", "tags")),
]
