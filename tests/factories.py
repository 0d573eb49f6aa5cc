"""Rows for tests: plain functions with keyword defaults, nothing random. Public unless said otherwise."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cities.models import City, CityFigure, Country, Document, LearningPlace, Photo, PlaceKind, Region
from initiatives.models import Initiative
from learningcities.pages.models import Page
from learningcities.publishing.version import content_version
from learningcities.publishing.workflow.change import track_changes
from learningcities.reports.models import Report
from learningcities.search.models import Entry


def make_country(code="ma", **fields):
    defaults = {"name_fr": "Maroc", "name_ar": "المغرب", "name_en": "Morocco", "unesco_region": "arab-states"}
    return Country.objects.get_or_create(code=code, defaults=defaults | fields)[0]


def make_region(slug="a-region", **fields):
    defaults = {"name_fr": "Région", "name_ar": "جهة", "name_en": "Region"}
    if "country" not in fields:
        defaults["country"] = make_country()
    return Region.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def made(item, public, **related):
    """The item, stored with its relations as one Change; public since just now if it is to be."""
    if public:
        item.public_from = item.public_from or content_version.moment()
    with track_changes(item):
        item.save()
        for name, rows in related.items():
            getattr(item, name).set(rows)
        if public:
            item.publish_carried()
    return item


def make_city(slug="a-city", *, public=True, **fields):
    defaults = {"name_fr": "Ville", "summary_fr": "Une ville qui apprend."}
    if "region" not in fields:
        defaults["region"] = make_region()
    return made(City(slug=slug, **defaults | fields), public)


def make_initiative(city=None, slug="an-initiative", *, public=True, **fields):
    defaults = {"title_fr": "Initiative", "summary_fr": "Un projet pour apprendre.", "status_on": "2024"}
    related = {name: fields.pop(name) for name in ("themes", "sdgs", "audiences", "key_features") if name in fields}
    return made(Initiative(city=city or make_city(), slug=slug, **defaults | fields), public, **related)


def make_many(city, numbers, themes=(), sdgs=(), **fields):
    """Public initiatives n-01, n-02, ... in a few statements, without a record of how they came to be."""
    defaults = {"summary_fr": "Un projet.", "status_on": "2024", "public_from": content_version.moment()}
    rows = [
        Initiative(city=city, slug=f"n-{number:02}", title_fr=f"École {number}", **defaults | fields)
        for number in numbers
    ]
    rows = Initiative.objects.bulk_create(rows)
    Entry.objects.bulk_create(Entry.of(row, title=[row.title_fr]) for row in rows)
    for name, terms in (("themes", themes), ("sdgs", sdgs)):
        through = getattr(Initiative, name).through
        column = f"{getattr(Initiative, name).field.related_model._meta.model_name}_id"
        through.objects.bulk_create(
            through(initiative_id=row.pk, **{column: term.pk}) for row in rows for term in terms
        )
    content_version.ContentVersion.bump()
    return rows


def make_many_cities(numbers, **fields):
    """The same for public cities c-1, c-2, ..., which the word "École" finds."""
    defaults = {"region": make_region(), "name_fr": "Ville", "public_from": content_version.moment()}
    rows = City.objects.bulk_create(City(slug=f"c-{number}", **defaults | fields) for number in numbers)
    Entry.objects.bulk_create(Entry.of(row, title=["École"]) for row in rows)
    content_version.ContentVersion.bump()
    return rows


def make_place(city, slug="a-place", *, public=True, **fields):
    defaults = {"name_fr": "Bibliothèque", "kind": PlaceKind.objects.get(slug="library")}
    return made(LearningPlace(city=city, slug=slug, **defaults | fields), public)


def make_figure(city, **fields):
    defaults = {"label_fr": "Habitants", "value": 1000, "year": 2024, "source_fr": "HCP"}
    return CityFigure.objects.create(city=city, **defaults | fields)


def make_photo(city=None, *, public=True, **fields):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    rights = {"credit": "La ville", "licence": "CC BY 4.0"}
    defaults = {"alternative_fr": "Une cour d’école", "file": SimpleUploadedFile("photo.jpg", out.getvalue())} | rights
    return made(Photo(city=city, **defaults | fields), public)


#: An empty page.
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
trailer<</Root 1 0 R/Size 4>>
%%EOF
"""


def make_document(city=None, *, public=True, **fields):
    defaults = {"title_fr": "Rapport 2024", "file": SimpleUploadedFile("rapport.pdf", PDF)}
    return made(Document(city=city, **defaults | fields), public)


def make_page(slug="a-page", *, public=True, **fields):
    defaults = {"title_fr": "Page", "body_fr": "<p>Texte.</p>"}
    return made(Page(slug=slug, **defaults | fields), public)


def make_report(item=None, **fields):
    defaults = {"page": item.get_absolute_url() if item else "/fr/", "title": str(item or "Accueil")}
    return Report.objects.create(
        **{"item": item, "message": "L’année est fausse.", "language": "fr"} | defaults | fields
    )
