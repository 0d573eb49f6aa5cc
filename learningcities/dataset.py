"""The data page: what can be downloaded, in plain words for people and in DCAT for catalogues of data."""

from django.db.models import Max
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from learningcities.pages.linked_data import network_id
from learningcities.text.translation import FIRST_LANGUAGE, LANGUAGES

from .listing.exports.columns import in_files
from .listing.exports.formats import FORMATS

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


class Dataset:
    """A list as a whole: what each row says, in which formats it comes, how fresh it is."""

    def __init__(self, view):
        self.name, self.title, self.model = view.name, view.title, view.model
        self.formats = [FORMATS[name] for name in view.formats]
        self.columns = in_files(view.columns)

    @property
    def path(self):
        return reverse(f"{self.name}:list")

    @property
    def fields(self):
        """The headings of its columns."""
        return [capfirst(column.label) for column in self.columns]

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
        "dcat:endpointURL": link(head, reverse("api")),
        "dcat:endpointDescription": link(head, reverse("api:openapi")),
        "foaf:page": link(head, reverse("api-docs")),
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
    entry = {
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
        entry["dct:modified"] = {"@type": "xsd:dateTime", "@value": dataset.changed_at.isoformat()}
    return entry


def distribution(head, dataset, form):
    return {
        "@id": f"{head.url}#{dataset.name}-{form.name}",
        "@type": "dcat:Distribution",
        "dct:title": text(f"{dataset.title}, {form.label}"),
        "dcat:accessURL": link(head, reverse("dataset")),
        "dcat:downloadURL": link(head, f"{dataset.path}?format={form.name}"),
        "dcat:mediaType": {"@id": MEDIA_TYPES + form.type},
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
    with override(FIRST_LANGUAGE):
        return head.addresses.absolute(f"{reverse('dataset')}#{name}")
