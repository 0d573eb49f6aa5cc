"""Picking photos for one place: what is offered, what taking one writes, new ones, and who may."""

from uuid import uuid4

import pytest
from django.contrib import admin
from django.urls import reverse

from cities.models import City, CityPhoto, Photo
from learningcities.people.models import User
from learningcities.publishing.models import Change, PageLock
from tests import factories
from tests.conftest import logged_in, make_person
from tests.document_files import jpeg
from tests.forms import edit, queries
from tests.publishing.helpers import Window, outline_of

picker = admin.site.picker_address
TITLE = {"title_fr": "Gardé aussi"}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return list(response.context_data["page"])


def form_of(response):
    """What a browser would send of the chosen photos."""
    shown = response.context_data
    data = {"seen": shown.get("seen", "")}
    for bound in (bound for form in [shown["common"], *shown["uses"]] for bound in form):
        data[bound.html_name] = "" if bound.value() is None else bound.value()
        if bound.field.show_hidden_initial:
            data[bound.html_initial_name] = data[bound.html_name]
    return data


def take(client, address, **changes):
    return send(client, address, form_of(client.get(address)), **changes)


def send(client, address, data, **changes):
    """Send the page that was opened before, with some fields changed."""
    for name, value in changes.items():
        [field] = [one for one in data if one.endswith(f"-{name}") and not one.startswith("initial-")]
        data[field] = value
    return client.post(address, data)


def draft(item, person):
    change = Change.objects.mine(item, person)
    return change.patch if change else {}


# What is offered


def test_the_photos_of_the_city_come_first_and_the_networks_are_one_link_away(as_editor, city, other_city):
    older, newer = factories.make_photo(city, alternative_fr="Ancienne"), factories.make_photo(city)
    network = factories.make_photo(None)
    factories.make_photo(other_city)
    factories.make_photo(city).move_to_bin()
    assert shown(as_editor, picker(city, "cover")) == [newer, older]
    assert shown(as_editor, picker(factories.make_initiative(city), "cover")) == [newer, older]
    assert shown(as_editor, picker(city, "cover", of="all")) == [network, newer, older]
    assert shown(as_editor, picker(city, "cover", q="ANCIENNE")) == [older]
    assert shown(as_editor, picker(city, "cover", q="zz")) == []


def test_where_the_city_has_none_those_of_the_network_are_shown(as_editor, city):
    network = factories.make_photo(None)
    assert shown(as_editor, picker(city, "cover")) == [network]


def test_a_photo_says_one_thing_that_is_to_be_known_before_it_is_taken(as_editor, city):
    texts = {"alternative_fr": "Une cour", "alternative_ar": "ساحة", "alternative_en": "A yard"}
    factories.make_photo(city, consent_until="2020-01-01", **texts)
    factories.make_photo(city, alternative_fr="Une cour", alternative_ar="ساحة")
    factories.make_photo(city, public=False, **texts)
    factories.make_photo(city, **texts)
    notes = [photo.note for photo in shown(as_editor, picker(city, "cover"))]
    assert notes == ["en trois langues", "jamais montrée", "à écrire : anglais", "le consentement a expiré"]


def test_many_photos_cost_no_more_queries_than_few(as_editor, city):
    factories.make_photo(city)
    few = queries(as_editor, picker(city, "cover"))
    for _number in range(5):
        factories.make_photo(city)
    assert queries(as_editor, picker(city, "cover")) == few


@pytest.mark.parametrize("page", ["x", "0", "99"])
def test_a_page_that_is_not_there_is_the_nearest_one(as_editor, city, page):
    photo = factories.make_photo(city)
    assert shown(as_editor, picker(city, "cover", page=page)) == [photo]


# Taking one


def test_a_cover_that_is_taken_stands_in_the_draft_and_visitors_see_nothing_of_it(as_editor, editor, city):
    photo = factories.make_photo(city)
    answer = take(as_editor, picker(city, "cover", photo=photo.pk))
    assert answer["Location"] == admin.site.field_address(city, "cover")
    assert draft(city, editor) == {"cover": [None, photo.pk]}
    assert City.objects.get().cover is None


def test_a_draft_keeps_its_other_words_and_what_its_author_knew(as_editor, editor, city):
    first, second = factories.make_photo(city), factories.make_photo(city)
    Change.save_draft(city, editor, {"cover": [None, first.pk], "province_fr": ["", "Rif"]})
    City.objects.get().apply_patch({"cover": [None, factories.make_photo(city).pk]})
    take(as_editor, picker(city, "cover", photo=second.pk))
    assert draft(city, editor) == {"cover": [None, second.pk], "province_fr": ["", "Rif"]}


def test_the_cover_that_visitors_see_already_is_no_wish(as_editor, editor, city):
    live, other = factories.make_photo(city), factories.make_photo(city)
    city.apply_patch({"cover": [None, live.pk]})
    take(as_editor, picker(city, "cover", photo=other.pk))
    assert draft(city, editor)
    take(as_editor, picker(city, "cover", photo=live.pk))
    assert draft(city, editor) == {}


def test_what_was_never_public_has_its_cover_at_once(as_editor, editor, city):
    initiative, photo = factories.make_initiative(city, public=False), factories.make_photo(city)
    take(as_editor, picker(initiative, "cover", photo=photo.pk))
    initiative.refresh_from_db()
    assert initiative.cover == photo
    assert Change.objects.of(initiative).happened().first().author == editor


def test_only_what_this_page_says_in_other_words_is_kept_for_it(as_editor, editor, city):
    photo = factories.make_photo(city, alternative_ar="ساحة")
    address = picker(city, "cover", photo=photo.pk)
    assert form_of(as_editor.get(address))[f"photo-{photo.pk}-alternative_fr"] == "Une cour d’école"
    take(as_editor, address, alternative_fr="La cour où l’on apprend")
    assert draft(city, editor) == {
        "cover": [None, photo.pk],
        "cover_alternative_fr": ["", "La cour où l’on apprend"],
    }
    assert form_of(as_editor.get(address))[f"photo-{photo.pk}-alternative_fr"] == "La cour où l’on apprend"
    # Another photo doesn't take over what was said of the first one.
    take(as_editor, picker(city, "cover", photo=factories.make_photo(city).pk))
    assert set(draft(city, editor)) == {"cover"}


def test_what_nobody_has_described_yet_says_the_same_wherever_it_is_shown(as_editor, editor, city):
    photo = factories.make_photo(city, public=False, alternative_fr="", credit="", licence="")
    words = {"alternative_fr": "Une cour", "alternative_ar": "ساحة", "credit": "Nadia", "licence": "CC BY 4.0"}
    take(as_editor, picker(city, "cover", photo=photo.pk), **words)
    photo.refresh_from_db()
    assert {name: getattr(photo, name) for name in words} == words
    assert draft(city, editor) == {"cover": [None, photo.pk]}


def test_the_focal_point_is_the_photos_own_and_a_draft_of_it_where_visitors_see_it(as_editor, editor, city):
    seen, new = factories.make_photo(city), factories.make_photo(city, public=False)
    for photo in (seen, new):
        take(as_editor, picker(city, "cover", photo=photo.pk), focus_x="20", focus_y="80")
        photo.refresh_from_db()
    assert (new.focus_x, new.focus_y) == (20, 80)
    assert (seen.focus_x, seen.focus_y) == (50, 50)
    assert draft(seen, editor) == {"focus_x": [50, 20], "focus_y": [50, 80]}


@pytest.mark.parametrize("wrong", ["-1", "101", "x", "1e9", "٣٠٠"])
def test_a_focal_point_outside_of_the_photo_is_refused_and_nothing_is_taken(as_editor, editor, city, wrong):
    photo = factories.make_photo(city)
    answer = take(as_editor, picker(city, "cover", photo=photo.pk), focus_x=wrong, alternative_fr="Autre")
    assert answer.status_code == 200
    assert answer.context_data["uses"][0].errors
    assert "Autre" in answer.content.decode()
    assert draft(city, editor) == {}


def test_a_photo_of_the_network_is_taken_and_not_changed_by_an_editor(as_editor, editor, city):
    photo = factories.make_photo(None)
    address = picker(city, "cover", photo=photo.pk)
    assert f"photo-{photo.pk}-focus_x" not in form_of(as_editor.get(address))
    as_editor.post(address, form_of(as_editor.get(address)) | {f"photo-{photo.pk}-focus_x": "1"})
    assert set(draft(city, editor)) == {"cover"}
    assert not Change.objects.mine(photo, editor)


# A page of the picker that was opened before someone changed what it shows


@pytest.fixture
def shown_photo(city):
    """The cover of the city, in words of its own."""
    photo = factories.make_photo(city)
    City.objects.filter(pk=city.pk).update(cover=photo, cover_alternative_fr="Un")
    return photo


def clashing(client, item):
    return [clash.key for clash in outline_of(client, item).context["clashes"]]


def test_a_text_that_another_has_changed_meanwhile_is_a_question_and_not_overwritten(
    as_editor, as_coordinator, editor, city, shown_photo
):
    address = picker(city, "cover", photo=shown_photo.pk)
    opened = form_of(as_editor.get(address))
    edit(as_coordinator, city, {"cover_alternative_fr": "Deux", "cover_alternative_ar": "اثنان"})
    send(as_editor, address, opened, alternative_fr="Trois")
    assert draft(city, editor) == {"cover_alternative_fr": ["Un", "Trois"]}
    assert clashing(as_editor, city) == ["cover_alternative_fr"]
    assert City.objects.get().cover_alternative_fr == "Deux"


def test_a_text_that_nobody_touched_in_the_picker_stays_as_another_has_changed_it(
    as_editor, as_coordinator, editor, city, shown_photo
):
    address = picker(city, "cover", photo=shown_photo.pk)
    opened = form_of(as_editor.get(address))
    edit(as_coordinator, city, {"cover_alternative_fr": "Deux"})
    send(as_editor, address, opened)
    assert draft(city, editor) == {}


def test_of_what_was_never_public_the_newer_text_stays_until_one_has_chosen(
    as_editor, as_coordinator, city, shown_photo
):
    note = factories.make_initiative(city, public=False, cover=shown_photo, cover_alternative_fr="Un")
    row = note.gallery.create(photo=shown_photo, caption_fr="Un")
    addresses = [picker(note, key, photo=shown_photo.pk) for key in ("cover", f"gallery:{row.pk}:photo")]
    opened = [form_of(as_editor.get(address)) for address in addresses]
    edit(as_coordinator, note, {"cover_alternative_fr": "Deux", f"gallery:{row.pk}:caption_fr": "Deux"}, "_draft")
    send(as_editor, addresses[0], opened[0], alternative_fr="Trois")
    send(as_editor, addresses[1], opened[1], caption_fr="Trois")
    note.refresh_from_db(), row.refresh_from_db()
    assert (note.cover_alternative_fr, row.caption_fr) == ("Deux", "Deux")
    assert set(clashing(as_editor, note)) == {"cover_alternative_fr", f"gallery:{row.pk}:caption_fr"}


def test_a_cover_that_another_has_changed_meanwhile_is_a_question(as_editor, as_coordinator, city, shown_photo):
    theirs, mine = factories.make_photo(city), factories.make_photo(city)
    address = picker(city, "cover", photo=mine.pk)
    opened = form_of(as_editor.get(address))
    edit(as_coordinator, city, {"cover": theirs.pk})
    send(as_editor, address, opened)
    assert clashing(as_editor, city) == ["cover"]
    assert City.objects.get().cover == theirs


def test_words_about_a_cover_that_another_has_replaced_arent_said_of_the_new_one(
    as_editor, as_coordinator, editor, city, shown_photo
):
    address = picker(city, "cover", photo=shown_photo.pk)
    opened = form_of(as_editor.get(address))
    edit(as_coordinator, city, {"cover": factories.make_photo(city).pk, "cover_alternative_fr": ""})
    send(as_editor, address, opened, alternative_fr="Trois")
    assert clashing(as_editor, city) == ["cover_alternative_fr"]


def test_a_text_that_ones_own_other_window_has_changed_is_asked_about(as_editor, editor, city, shown_photo):
    address = picker(city, "cover", photo=shown_photo.pk)
    opened = form_of(as_editor.get(address))
    edit(as_editor, city, {"cover_alternative_fr": "Deux"}, "_draft")
    page = send(as_editor, address, opened, alternative_fr="Trois")
    assert page.status_code == 200
    assert "« Deux »" in str(page.context["uses"][0].non_field_errors()).replace("\xa0", " ")
    assert draft(city, editor) == {"cover_alternative_fr": ["Un", "Deux"]}
    again = form_of(page) | {f"initial-photo-{shown_photo.pk}-alternative_fr": "Un"}
    assert as_editor.post(address, again).status_code == 302
    assert draft(city, editor) == {"cover_alternative_fr": ["Un", "Trois"]}


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_page_without_its_token_writes_nothing_and_shows_what_was_typed(as_editor, editor, city, shown_photo, token):
    address = picker(city, "cover", photo=shown_photo.pk)
    page = send(as_editor, address, form_of(as_editor.get(address)) | {"seen": token}, alternative_fr="Trois")
    assert "Trois" in page.content.decode()
    assert page.context["uses"][0].non_field_errors()
    assert draft(city, editor) == {}


def test_what_another_has_said_of_the_photo_itself_meanwhile_stays(as_editor, as_coordinator, editor, city):
    photo = factories.make_photo(city, public=False, alternative_fr="", credit="", licence="")
    address = picker(city, "cover", photo=photo.pk)
    opened = form_of(as_editor.get(address))
    Photo.objects.filter(pk=photo.pk).update(focus_x=10, alternative_fr="Une cour", credit="Fatima")
    words = {"alternative_fr": "Ici", "credit": "Nadia", "licence": "CC BY 4.0", "focus_x": "20"}
    send(as_editor, address, opened, **words)
    photo.refresh_from_db()
    assert (photo.focus_x, photo.alternative_fr, photo.credit) == (10, "Une cour", "Fatima")
    assert draft(city, editor) == {"cover": [None, photo.pk], "cover_alternative_fr": ["", "Ici"]}
    assert {key for key, sides in draft(photo, editor).items() if sides[0] != sides[1]} >= {"focus_x", "credit"}


# What autosave has kept of what was never public


def test_the_picker_shows_what_autosave_has_kept_and_takes_it_along(as_editor, city):
    note, photo = factories.make_initiative(city, public=False), factories.make_photo(city)
    for section, words in (("brief", {"cover": photo.pk, "cover_alternative_fr": "Gardé"}), ("names", TITLE)):
        assert Window(as_editor, note, section).keep(**words)["kept"]
    address = picker(note, "cover", photo=photo.pk)
    opened = form_of(as_editor.get(address))
    assert opened[f"photo-{photo.pk}-alternative_fr"] == "Gardé"
    send(as_editor, address, opened, alternative_ar="ساحة")
    note.refresh_from_db()
    said = note.cover, note.cover_alternative_fr, note.cover_alternative_ar, note.title_fr
    assert said == (photo, "Gardé", "ساحة", TITLE["title_fr"])
    assert not Change.objects.of(note).unfinished().exists()


def test_a_photo_that_autosave_has_put_into_a_gallery_is_taken(as_editor, city):
    note, photo = factories.make_initiative(city, public=False), factories.make_photo(city)
    assert Window(as_editor, note, "gallery", uuid4()).keep(photo=photo.pk)["kept"]
    assert [one.is_taken for one in shown(as_editor, picker(note, "gallery"))] == [True]


def test_a_photo_for_what_waits_for_its_first_publication_leaves_the_request_alone(as_editor, city):
    note, photo = factories.make_initiative(city, public=False), factories.make_photo(city)
    edit(as_editor, note, {}, "_send")
    take(as_editor, picker(note, "cover", photo=photo.pk))
    note.refresh_from_db()
    assert note.cover == photo
    assert set(Change.objects.waiting().get().patch) == {"public_from"}


# A gallery


def test_several_photos_become_rows_of_the_gallery_after_those_that_are_there(as_editor, editor, city):
    there = factories.make_photo(city)
    city.gallery.create(photo=there, position=4)
    photos = [factories.make_photo(city) for _number in range(2)]
    address = picker(city, "gallery", photo=[photo.pk for photo in photos])
    data = form_of(as_editor.get(address))
    data[f"photo-{photos[0].pk}-caption_fr"] = "Le marché"
    data[f"photo-{photos[1].pk}-alternative_ar"] = "بائع"
    assert as_editor.post(address, data)["Location"].endswith("#section-gallery")
    rows = [sides[1] for key, sides in draft(city, editor).items() if key.startswith("gallery:")]
    said = {row["photo"]: (row["position"], row["caption_fr"], row["alternative_ar"]) for row in rows}
    assert said == {photos[0].pk: (5, "Le marché", ""), photos[1].pk: (6, "", "بائع")}
    Change.objects.mine(city, editor).apply(by=make_person("another", User.Role.COORDINATOR))
    assert [row.photo for row in city.gallery.all()] == [there, *photos]


def test_a_photo_that_is_in_the_gallery_or_in_the_draft_of_it_is_not_taken_again(as_editor, editor, city):
    there, drafted = factories.make_photo(city), factories.make_photo(city)
    city.gallery.create(photo=there)
    take(as_editor, picker(city, "gallery", photo=drafted.pk))
    assert [photo.is_taken for photo in shown(as_editor, picker(city, "gallery"))] == [True, True]
    before = draft(city, editor)
    address = picker(city, "gallery", photo=[there.pk, drafted.pk])
    assert as_editor.post(address).status_code == 302
    assert draft(city, editor) == before


def test_one_row_of_a_gallery_takes_another_photo_and_keeps_its_place(as_editor, editor, city):
    row = city.gallery.create(photo=factories.make_photo(city), position=3, caption_fr="Le marché")
    photo = factories.make_photo(city)
    take(as_editor, picker(city, f"gallery:{row.pk}:photo", photo=photo.pk), caption_fr="La place")
    assert draft(city, editor) == {
        f"gallery:{row.pk}:photo": [row.photo_id, photo.pk],
        f"gallery:{row.pk}:caption_fr": ["Le marché", "La place"],
    }
    other = CityPhoto(photo=photo)
    assert as_editor.get(picker(city, f"gallery:{other.pk}:photo")).status_code == 404


# New ones


def test_new_photos_belong_to_the_city_of_the_item_and_are_chosen_at_once(as_editor, city):
    initiative = factories.make_initiative(city, public=False)
    answer = as_editor.post(picker(initiative, "gallery"), {"upload": "1", "files": [jpeg(1), jpeg(4)]})
    photos = Photo.objects.order_by("pk")
    assert [photo.city for photo in photos] == [city, city]
    where = answer["Location"].removesuffix("#chosen")
    assert [use.photo for use in as_editor.get(where).context_data["uses"]] == list(photos)
    words = {f"photo-{photo.pk}-alternative_fr": f"Vue {photo.pk}" for photo in photos}
    rights = {"all-credit": "Nadia", "all-licence": "CC BY 4.0", f"photo-{photos[1].pk}-credit": "Youssef"}
    as_editor.post(where, form_of(as_editor.get(where)) | words | rights)
    assert [str(row) for row in initiative.gallery.all()] == list(words.values())
    assert [(photo.credit, photo.licence) for photo in Photo.objects.order_by("pk")] == [
        ("Nadia", "CC BY 4.0"),
        ("Youssef", "CC BY 4.0"),
    ]


def test_with_javascript_each_new_file_has_its_own_answer(as_editor, city):
    bad = jpeg(1)
    bad.file.write(b"<svg/>" * 40), bad.seek(0)
    for file, is_kept in ((jpeg(1), True), (bad, False)):
        data = {"upload": "1", "files": [file]}
        answer = as_editor.post(picker(city, "cover"), data, headers={"X-Requested-With": "fetch"})
        assert answer.content.decode().startswith(f'<li data-photo="{Photo.objects.get().pk if is_kept else ""}">')


def test_no_file_and_no_photo_are_each_answered_with_a_sentence(as_editor, editor, city):
    for data in ({"upload": "1"}, {}):
        answer = as_editor.post(picker(city, "cover"), data, follow=True)
        assert "Choisissez au moins une photo." in answer.content.decode()
    assert draft(city, editor) == {}


# Who may, and where one comes back to


def test_nobody_picks_for_a_page_that_is_not_theirs(as_editor, city, other_city, client):
    photo = factories.make_photo(city)
    assert as_editor.get(picker(other_city, "cover")).status_code == 404
    assert as_editor.post(picker(other_city, "cover", photo=photo.pk)).status_code == 404
    assert client.get(picker(city, "cover"))["Location"].startswith("/admin/login/")
    assert logged_in(make_person("stranger")).get(picker(city, "cover")).status_code == 404


def test_a_photo_of_another_city_is_never_taken(as_editor, editor, city, other_city):
    photo = factories.make_photo(other_city)
    for address in (picker(city, "cover", photo=photo.pk), picker(city, "gallery", photo=photo.pk)):
        assert as_editor.post(address, {}).status_code == 302
    assert draft(city, editor) == {}


def test_a_translator_is_told_that_photos_are_not_theirs_to_choose(city):
    translator = make_person("translator", languages=["ar"])
    city.editors.add(translator)
    answer = logged_in(translator).get(picker(city, "cover"))
    assert answer.status_code == 403


def test_a_page_that_a_colleague_has_reserved_stays_as_it_is(as_editor, editor, coordinator, city):
    photo, initiative = factories.make_photo(city), factories.make_initiative(city, public=False)
    for item in (city, initiative):
        PageLock.acquire(item, coordinator)
        answer = take(as_editor, picker(item, "cover", photo=photo.pk))
        assert answer.status_code == 200
        assert "coordinator" in answer.content.decode()
        item.refresh_from_db()
        assert (item.cover, draft(item, editor)) == (None, {})


def test_what_must_stay_visible_of_a_photo_that_a_colleague_has_reserved_is_not_asked(as_editor, coordinator, city):
    photo = factories.make_photo(city)
    PageLock.acquire(photo, coordinator)
    assert f"photo-{photo.pk}-focus_x" not in form_of(as_editor.get(picker(city, "cover", photo=photo.pk)))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"item": "cities.city", "key": "cover"},
        {"item": "cities.city.x", "key": "cover"},
        {"item": "cities.city.99999999999999999999", "key": "cover"},
        {"item": "people.user.1", "key": "cover"},
        {"item": "no.such.1", "key": "cover"},
    ],
)
def test_what_names_no_page_is_not_found(as_editor, city, asked):
    assert as_editor.get(reverse("admin:pick_photo"), asked).status_code == 404


@pytest.mark.parametrize(
    "key", ["", "name_fr", "region", "figures", "gallery:x", "gallery:x:photo", "editors", "zz", "::"]
)
def test_what_names_no_photo_of_a_page_is_not_found(as_editor, city, key):
    assert as_editor.get(picker(city, key)).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "is_followed"),
    [("/admin/cities/city/", True), ("https://evil.example/", False), ("//evil.example/", False), ("x", False)],
)
def test_one_comes_back_to_where_one_was_on_this_site(as_editor, city, wanted, is_followed):
    photo = factories.make_photo(city)
    answer = take(as_editor, picker(city, "cover", photo=photo.pk, next=wanted))
    assert (answer["Location"] == wanted) is is_followed
    assert answer["Location"].startswith("/admin/cities/city/")
