"""What can be taken away from the site, in plain words for people and in DCAT for catalogues of data."""

from typing import NamedTuple

from django.db.models import Max
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from .linked_data import network_id
from .translation import LANGUAGES, REQUIRED, columns

#: The address of the API, which serves every language at once.
API = "/api/v1/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
EUROPEAN = "http://publications.europa.eu/resource/authority/"
LANGUAGE_CODES = {"fr": "FRA", "ar": "ARA", "en": "ENG"}


class Format(NamedTuple):
    """A form a list comes in: what `format=` says, its name, its media type, what it is good for."""

    name: str
    label: str
    media_type: str
    use: str


TABLES = (
    Format("csv", "CSV", "text/csv", gettext_lazy("a table as plain text, for any program")),
    Format(
        "xlsx",
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        gettext_lazy("a spreadsheet, ready to sort and to count"),
    ),
    Format("geojson", "GeoJSON", "application/geo+json", gettext_lazy("places with their coordinates, for a map")),
    Format("json", "JSON", "application/json", gettext_lazy("the same content, for programs")),
    Format("atom", "Atom", "application/atom+xml", gettext_lazy("a feed to subscribe to")),
)
CALENDAR = Format("ics", "iCalendar", "text/calendar", gettext_lazy("what has dates, for a calendar"))


class Dataset:
    """A list as a whole: which fields it has, in which formats it comes, how fresh it is."""

    def __init__(self, view, fields, formats=TABLES):
        self.name, self.title, self.model = view.name, view.title, view.model
        self.field_names, self.formats = fields, formats
        self.list_name = f"{view.name}:list"

    @property
    def path(self):
        return reverse(self.list_name)

    @property
    def fields(self):
        """What its fields are called, in the words of the model."""
        known = {field.name for field in self.model._meta.get_fields()}
        plain = (name if name in known else columns(name)[0] for name in self.field_names)
        return [capfirst(self.model._meta.get_field(name).verbose_name) for name in plain]

    @cached_property
    def count(self):
        return self.model.objects.published().count()

    @cached_property
    def changed_at(self):
        return self.model.objects.published().aggregate(newest=Max("changed_at"))["newest"]


def catalogue(head, datasets, countries):
    """The DCAT description: one catalogue, its datasets with their distributions, and the service."""
    entries = [described(head, dataset, countries) for dataset in datasets]
    service = {
        "@type": "dcat:DataService",
        "dct:title": text("API"),
        "dcat:endpointURL": link(head, API),
        "dcat:servesDataset": [{"@id": entry["@id"]} for entry in entries],
    }
    return {
        "@context": CONTEXT,
        "@id": identity(head, "catalogue"),
        "@type": "dcat:Catalog",
        "dct:title": text(head.site_name),
        "dct:description": text(head.description),
        "foaf:homepage": link(head, reverse("home")),
        **rights(head),
        "dcat:dataset": entries,
        "dcat:service": service,
    }


def described(head, dataset, countries):
    found = {
        "@id": identity(head, dataset.name),
        "@type": "dcat:Dataset",
        "dct:title": text(dataset.title),
        "dct:description": text(head.site.text.get(f"{dataset.name}_intro") or dataset.title),
        "dcat:keyword": [text(word) for word in (_("learning city"), _("lifelong learning"), _("education"))],
        "dcat:landingPage": link(head, dataset.path),
        "dct:spatial": [{"@type": "dct:Location", "rdfs:label": text(country)} for country in countries],
        "dct:accrualPeriodicity": {"@id": EUROPEAN + "frequency/UPDATE_CONT"},
        **rights(head),
        "dcat:distribution": [distribution(head, dataset, form) for form in dataset.formats],
    }
    if dataset.changed_at:
        found["dct:modified"] = {"@type": "xsd:dateTime", "@value": dataset.changed_at.isoformat()}
    return found


def distribution(head, dataset, form):
    return {
        "@id": f"{head.url}#{dataset.name}-{form.name}",
        "@type": "dcat:Distribution",
        "dct:title": text(f"{dataset.title}, {form.label}"),
        "dcat:accessURL": link(head, reverse("dataset")),
        "dcat:downloadURL": link(head, f"{dataset.path}?format={form.name}"),
        "dcat:mediaType": {"@id": MEDIA_TYPES + form.media_type},
        "dct:language": {"@id": f"{EUROPEAN}language/{LANGUAGE_CODES[get_language()]}"},
        **licence(head),
    }


def rights(head):
    """Who publishes, in which languages, and under which licence."""
    return {
        "dct:publisher": {"@id": network_id(head), "@type": "foaf:Agent", "foaf:name": text(head.site_name)},
        "dct:language": [{"@id": f"{EUROPEAN}language/{LANGUAGE_CODES[code]}"} for code in LANGUAGES],
        **licence(head),
    }


def licence(head):
    """The licence by its address or, without one, by its name; nothing where staff has emptied both."""
    name, url = (head.site.text.get(key, "") for key in ("dataset_licence", "dataset_licence_url"))
    if url:
        return {"dct:license": {"@id": str(url)}}
    return {"dct:license": {"@type": "dct:LicenseDocument", "rdfs:label": text(name)}} if name else {}


def text(value):
    return {"@value": str(value), "@language": getattr(value, "language", get_language())}


def link(head, path):
    return {"@id": head.addresses.absolute(path)}


def identity(head, name):
    """The same in every language of the page."""
    with override(REQUIRED):
        return head.addresses.absolute(f"{reverse('dataset')}#{name}")
