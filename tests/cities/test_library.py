"""The media library: upload, description, replacement, search, files that visitors lose, files that nobody needs."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cities.models import City, Document, Photo, Tag
from learningcities.operations.chores import delete_files
from learningcities.operations.unused_files import unneeded_files
from learningcities.publishing.models import Change
from learningcities.publishing.version import content_version
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.document_files import jpeg
from tests.forms import data_of, edit, form_at, page_of, section_at
from tests.publishing.helpers import go_back

UPLOAD = reverse("admin:cities_photo_add")
LIST = reverse("admin:cities_photo_changelist")


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(client, city, *files, address=UPLOAD, **fields):
    return client.post(address, {"city": city.pk, "files": files, **fields})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def got(client, address, **options):
    """The answer, read to its end so that its file is closed."""
    response = client.get(address, **options)
    response.getvalue()
    return response


def change(photo):
    return reverse(f"admin:cities_{photo._meta.model_name}_change", args=[photo.pk])


def test_each_file_of_an_upload_is_kept_or_refused_on_its_own(as_editor, city):
    bad = SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>")
    files = [jpeg(1, "a.jpg"), bad, jpeg(4, "<b>.jpg")]
    response = upload(as_editor, city, *files)
    photos = Photo.objects.order_by("pk")
    assert [photo.city for photo in photos] == [city] * 2
    assert response["Location"].endswith("?" + "&".join(f"photo={photo.pk}" for photo in photos))
    kept, refused, _other = said(response)
    assert "a.jpg" in kept
    assert "logo.svg" in refused
    change = Change.objects.of(photos[0]).get()
    assert (change.author.username, change.state) == ("editor", "applied")
    assert "&lt;b&gt;.jpg" in as_editor.get(response["Location"]).content.decode()


def test_with_javascript_each_file_has_its_own_answer(as_editor, city):
    data = {"city": city.pk, "files": [jpeg(1, "<i>.jpg")]}
    answer = as_editor.post(UPLOAD, data, headers={"X-Requested-With": "fetch"}).content.decode()
    assert re.match(rf'<li data-photo="{Photo.objects.get().pk}">.*&lt;i&gt;.jpg', answer)
    data = {"city": city.pk, "files": [SimpleUploadedFile("<i>.jpg", b"x")]}
    answer = as_editor.post(UPLOAD, data, headers={"X-Requested-With": "fetch"}).content.decode()
    assert re.match(r'<li data-photo="">.*&lt;i&gt;.jpg', answer)


def test_an_upload_to_another_city_or_without_one_or_of_nothing_is_refused(as_editor, city, other_city):
    for response in (
        upload(as_editor, other_city, jpeg(1)),
        as_editor.post(UPLOAD, {"files": [jpeg(1)]}),
        upload(as_editor, city),
    ):
        assert response.status_code == 200
        assert response.context["form"].errors
    assert not Photo.objects.exists()
    assert not default_storage.exists("photos")


@thorough
def test_a_photo_that_is_there_already_is_named_and_the_person_decides(as_editor, city, other_city):
    theirs = factories.make_photo(other_city, alternative_fr="À eux", file=jpeg(1))
    first = factories.make_photo(city, alternative_fr="Le souk", file=jpeg(1, size=(600, 400)))
    factories.make_photo(city, alternative_fr="Autre chose", file=jpeg(4))
    response = upload(as_editor, city, jpeg(1, size=(300, 200)))
    new = Photo.objects.first()
    page = as_editor.get(response["Location"])
    for words in (*said(response), page.content.decode()):
        assert f'<a href="{change(first)}">Le souk</a>' in words
        assert str(theirs) not in words
        assert "Autre chose" not in words
    data = formset(page) | {"form-0-unwanted": "on"}
    as_editor.post(response["Location"], data)
    new.refresh_from_db()
    assert new.binned_at


def formset(page):
    return {
        bound.html_name: bound.value()
        for form in [page.context["formset"].management_form, page.context["common"], *page.context["formset"]]
        for bound in form
        if bound.value() not in (None, False)
    }


def test_new_photos_are_described_on_one_screen_and_what_is_the_same_is_said_once(as_editor, city):
    tag = Tag.objects.create(name_fr="Écoles", slug="schools")
    where = upload(as_editor, city, jpeg(1), jpeg(4))["Location"]
    page = as_editor.get(where)
    data = formset(page) | {
        "all-credit": "Nadia",
        "all-licence": "CC BY 4.0",
        "all-tags": [tag.pk],
        "form-0-alternative_fr": "Une place",
        "form-0-alternative_ar": "ساحة",
        "form-0-focus_x": "20",
        "form-1-decorative": "on",
        "form-1-credit": "Youssef",
    }
    assert as_editor.post(where, data)["Location"] == LIST
    place, ornament = Photo.objects.order_by("pk")
    assert (place.alternative_fr, place.alternative_ar, ornament.decorative) == ("Une place", "ساحة", True)
    assert (place.focus_x, place.focus_y, ornament.focus_x) == (20, 50, 50)
    assert [(photo.credit, photo.licence) for photo in (place, ornament)] == [
        ("Nadia", "CC BY 4.0"),
        ("Youssef", "CC BY 4.0"),
    ]
    assert [list(photo.tags.all()) for photo in (place, ornament)] == [[tag]] * 2
    assert Change.objects.of(place).first().author.username == "editor"


def test_each_box_for_what_a_photo_shows_says_its_language(as_editor, city):
    page = as_editor.get(upload(as_editor, city, jpeg(1))["Location"]).text
    for code, name in (("fr", "français"), ("ar", "العربيّة"), ("en", "English")):
        assert re.search(rf'<label for="id_form-0-alternative_{code}">\s*{name}', page), code


def test_a_wrong_focal_point_keeps_what_was_typed_and_saves_nothing(as_editor, city):
    where = upload(as_editor, city, jpeg(1))["Location"]
    data = formset(as_editor.get(where)) | {"form-0-alternative_fr": "Une place", "form-0-focus_x": "101"}
    page = as_editor.post(where, data)
    assert page.context["formset"].errors[0].keys() == {"focus_x"}
    assert "Une place" in page.content.decode()
    assert Photo.objects.get().alternative_fr == ""


def test_neither_public_photos_nor_those_of_others_are_described_there(as_editor, city, other_city):
    photos = [factories.make_photo(other_city, public=False), factories.make_photo(city), factories.make_photo(None)]
    where = f"{reverse('admin:cities_photo_describe')}?{'&'.join(f'photo={photo.pk}' for photo in photos)}&photo=x"
    for answer in (as_editor.get(where), as_editor.post(where, {})):
        assert answer["Location"] == LIST
    assert Client().get(where)["Location"].startswith("/admin/login/")


def test_a_photo_needs_its_credit_and_licence_before_it_is_public(as_coordinator, city):
    photo = factories.make_photo(city, public=False, credit="", licence="", alternative_fr="")
    assert set(photo.missing()) == {"credit", "licence", "alternative_fr"}
    city.cover = photo
    city.save()
    edit(as_coordinator, photo, {})
    photo.refresh_from_db()
    assert photo.public_from is None


@thorough
def test_a_replaced_file_keeps_its_uses_and_waits_for_a_coordinator(as_editor, as_coordinator, city, client):
    photo = factories.make_photo(city, file=jpeg(1))
    city.cover = photo
    city.save()
    old = photo.file.name
    edit(as_editor, photo, {"file": jpeg(4, size=(90, 30))}, "_send")
    photo = Photo.objects.get()
    assert photo.file.name == old
    waiting = Change.objects.waiting().get()
    before, new = waiting.patch["file"]
    assert before == old
    assert got(client, f"/media/{new}").status_code == 404
    seen = as_coordinator.get(reverse("admin:publishing_change_change", args=[waiting.pk])).content.decode()
    for name in (old, new):
        assert reverse("admin:cities_photo_file", args=[name]) in seen
        assert got(as_coordinator, reverse("admin:cities_photo_file", args=[name]))["Content-Type"] == "image/jpeg"
    mark = photo.fingerprint
    waiting.apply(by=make_person("another", "coordinator"))
    photo = Photo.objects.get()
    assert (photo.file.name, photo.width, photo.height) == (new, 90, 30)
    assert photo.fingerprint != mark
    assert City.objects.get(pk=city.pk).cover == photo
    assert new in client.get(city.get_absolute_url()).content.decode()
    assert (got(client, f"/media/{old}").status_code, got(client, f"/media/{new}").status_code) == (404, 200)


@thorough
def test_a_file_that_is_no_longer_kept_cant_be_brought_back(as_editor, as_coordinator, city):
    photo = factories.make_photo(city, public=False, file=jpeg(1))
    old = photo.file.name
    edit(as_editor, photo, {"file": jpeg(4)}, "_draft")
    replaced = Change.objects.of(photo).happened().first()
    assert set(replaced.patch) == {"file"}
    default_storage.delete(old)
    response = go_back(as_editor, "undo", replaced)
    assert Photo.objects.get().file.name != old
    assert as_editor.get(response["Location"]).status_code == 200


def test_a_photo_is_replaced_by_one_file_whatever_page_was_opened_before(as_editor, city):
    photo = factories.make_photo(city)
    assert "multiple" in as_editor.get(UPLOAD).text
    page = as_editor.get(page_of(photo, "section", "picture")).text
    assert "multiple" not in re.search("<input[^>]*type=.file.[^>]*>", page)[0]


@pytest.mark.parametrize("public", [True, False])
def test_a_page_opens_whose_draft_names_a_file_that_is_no_longer_kept(as_editor, city, public):
    photo = factories.make_photo(city, public=public, file=jpeg(1))
    window = section_at(as_editor, photo, "picture")[0]
    edit(as_editor, photo, {"file": jpeg(4)}, "_draft")
    lost = Change.objects.unfinished().get().patch["file"][1] if public else Photo.objects.get().file.name
    default_storage.delete(lost)
    for address in (change(photo), window, page_of(photo, "send"), page_of(photo, "happened")):
        assert as_editor.get(address).status_code == 200, address


def test_a_bad_file_replaces_nothing(as_editor, city):
    photo = factories.make_photo(city)
    bad = SimpleUploadedFile("a.jpg", b"<svg/>")
    response = edit(as_editor, photo, {"file": bad}, "_draft")
    assert "file" in response.context["form"].errors
    assert not Change.objects.of(photo).unfinished().exists()


@thorough
def test_visitors_lose_a_photo_that_is_withdrawn_and_staff_still_see_it(
    as_editor, city, client, django_assert_num_queries
):
    photo = factories.make_photo(city)
    names = [photo.file.name, *(one.name for one in photo.file.get_picture_files_list())]
    for name in names:
        with django_assert_num_queries(1):
            response = got(client, f"/media/{name}")
        assert (response.status_code, response["X-Content-Type-Options"]) == (200, "nosniff")
        assert got(client, f"/media/{name}", headers={"If-None-Match": response["ETag"]}).status_code == 304
    staff_only = [reverse("admin:cities_photo_file", args=[name]) for name in names]
    stranger = logged_in(make_person("stranger"))
    for take in (photo.withdraw, photo.move_to_bin):
        take()
        assert {got(client, f"/media/{name}").status_code for name in names} == {410}
        assert {got(as_editor, address).status_code for address in staff_only} == {200}
        assert {got(stranger, address).status_code for address in staff_only} == {404}
        assert {got(client, address).status_code for address in staff_only} == {302}


@thorough
def test_each_place_loads_a_photo_in_its_shape_and_size_and_keeps_room_for_it(city, client):
    photo = factories.make_photo(city, file=jpeg(1, size=(900, 600)), alternative_fr="Une place")
    city.cover = photo
    city.save()
    city.gallery.create(photo=photo)
    page = client.get(city.get_absolute_url()).content.decode()
    pictures = re.findall(r"<picture>.*?</picture>", page, re.DOTALL)
    shapes = [re.findall(r"/(\dx\d)-50-50/(\d+)w\.(avif|webp) \2w", picture) for picture in pictures]
    assert [{shape for shape, _width, _kind in found} for found in shapes] == [{"4x5"}, {"3x2"}]
    assert {kind for _shape, _width, kind in shapes[0]} == {"avif", "webp"}
    hero, gallery = pictures
    assert 'sizes="(max-width: 48rem) 17rem, 27rem"' in hero
    assert re.search(r'width="480"\s+height="600"', hero)
    assert 'loading="lazy"' in gallery
    assert 'loading="lazy"' not in hero
    assert page.count("<bdi>CC BY 4.0</bdi>") == 2


@pytest.mark.parametrize(
    "name",
    ["photos/", "photos/x.jpg", "../settings.py", "photos/../site.sqlite3", "photos/%00.jpg", "documents/x.html"]
    + [
        f"{folder}/{'0' * 32}{rest}"
        for folder in ("photos", "documents", "x")
        for rest in (".jpg", "/9w.avif", ".html", "")
    ],
)
def test_no_other_name_leads_to_a_file(db, client, as_coordinator, name):
    assert got(client, f"/media/{name}").status_code == 404
    assert as_coordinator.get(f"/admin/cities/photo/file/{name}").status_code in (302, 404)


@thorough
def test_the_library_is_searched_in_any_spelling_and_filtered(as_editor, city):
    tag = Tag.objects.create(name_fr="Médiathèque", slug="library")
    tagged = factories.make_photo(city, alternative_fr="Une cour", alternative_ar="مدينة", alternative_en="A yard")
    tagged.tags.add(tag)
    cover = factories.make_photo(city, alternative_fr="L’école d’été", alternative_ar="")
    city.cover = cover
    city.save()

    def found(**query):
        return set(as_editor.get(LIST, query).context["cl"].queryset)

    for words in ("ecole ETE", "Ecole"):
        assert found(q=words) == {cover}
    for words in ("مدينه", "mediatheque", "yard"):
        assert found(q=words) == {tagged}
    tag.name_fr = "Lecture publique"
    tag.save()
    assert found(q="lecture") == {tagged}
    assert found(tags__id__exact=tag.pk) == {tagged}
    assert found(used="no") == {tagged}
    assert found(without="ar") == {cover}
    assert found(city__id__exact=city.pk) == {tagged, cover}


def test_what_belongs_to_no_city_is_found_under_the_network(as_coordinator, city):
    factories.make_photo(city)
    theirs = factories.make_photo(None)
    response = as_coordinator.get(LIST, {"city__isnull": "True"})
    assert list(response.context["cl"].queryset) == [theirs]
    assert "le réseau" in response.content.decode()


def test_the_form_says_where_a_photo_is_used(as_editor, city):
    photo = factories.make_photo(city)
    city.gallery.create(photo=photo)
    assert reverse("admin:cities_city_change", args=[city.pk]) in as_editor.get(change(photo)).content.decode()


@thorough
def test_an_editor_attaches_evidence_of_their_own_city_only(as_editor, city, other_city):
    initiative = factories.make_initiative(city, public=False)
    own, other = factories.make_document(city, public=False), factories.make_document(other_city)
    response = edit(as_editor, initiative, {"documents": [other.pk]}, "_draft")
    assert "documents" in response.context["form"].errors
    assert not initiative.documents.exists()
    edit(as_editor, initiative, {"documents": [own.pk]}, "_draft")
    assert list(initiative.documents.all()) == [own]
    assert as_editor.get(reverse("admin:cities_document_file", args=[other.file.name])).status_code == 404
    assert got(as_editor, reverse("admin:cities_document_file", args=[own.file.name]))["Content-Disposition"] == (
        'attachment; filename="Rapport 2024.pdf"'
    )


def test_an_editor_adds_a_document_and_a_bad_file_is_refused(as_editor, city):
    where = reverse("admin:cities_document_add")
    data = data_of(form_at(as_editor, where)) | {"title_fr": "Bilan", "city": city.pk}
    response = as_editor.post(where, data | {"file": SimpleUploadedFile("a.pdf", b"<html>")})
    assert "file" in response.context["form"].errors
    as_editor.post(where, data | {"file": SimpleUploadedFile("a.exe", factories.PDF)})
    document = Document.objects.get()
    assert (document.kind, document.size, document.public_from) == ("pdf", document.file.size, None)


def stored():
    return set(walk("photos")) | set(walk("documents"))


def walk(folder):
    if default_storage.exists(folder):
        folders, files = default_storage.listdir(folder)
        yield from (f"{folder}/{name}" for name in files)
        for inner in folders:
            yield from walk(f"{folder}/{inner}")


@thorough
def test_files_go_when_no_row_and_no_undo_needs_them(city, monkeypatch):
    photo, document = factories.make_photo(city, file=jpeg(1)), factories.make_document(city)
    city.cover = photo
    city.save()
    factories.make_figure(city, document=document)
    first = stored()
    photo.file = jpeg(4)
    photo.focus_x = 10
    photo.save()
    default_storage.save("photos/left.jpg", jpeg(4))
    needed = {photo.file.name, document.file.name, *(one.name for one in photo.file.get_picture_files_list())}
    before = next(name for name in first if name.endswith(".jpg"))
    assert unneeded_files() == [], "a file of today may belong to an upload"
    now = content_version.moment()
    monkeypatch.setattr(content_version, "moment", lambda: now + timedelta(days=2))
    delete_files(unneeded_files())
    assert stored() == needed | {before}, "an undo still finds the file before"
    monkeypatch.setattr(content_version, "moment", lambda: now + timedelta(days=32))
    delete_files(unneeded_files())
    assert stored() == needed
    for item in (photo, document):
        item.move_to_bin()
    Photo.objects.in_bin().delete()
    Document.objects.in_bin().delete()
    delete_files(unneeded_files())
    assert stored() == set()
    city = City.objects.get(pk=city.pk)
    assert (city.cover, city.figures.get().document) == (None, None)
    patches = [one.patch for one in Change.objects.of(city).order_by("-pk")[:2]]
    assert {key.rpartition(":")[2] for patch in patches for key in patch} == {"cover", "document"}
