"""What a photo says in each place that shows it, and whom it shows: alternatives, captions, consent, order."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from cities.models import City, CityPhoto, Photo, shown_photos
from initiatives.models import Initiative
from learningcities.care.issues import issues_of
from learningcities.publishing.models import Change
from learningcities.publishing.version.content_version import moment
from tests import factories
from tests.forms import edit
from tests.publishing.helpers import Window


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def photo(city):
    return factories.make_photo(city, alternative_ar="ساحة مدرسة")


def cover(item, photo, **fields):
    for name, value in {"cover": photo, **fields}.items():
        setattr(item, name, value)
    item.save()


def read(client, item, language):
    with override(language):
        return client.get(item.get_absolute_url()).content.decode()


@pytest.mark.parametrize("make", [lambda city: city, factories.make_initiative])
def test_a_cover_says_here_what_is_written_here_and_else_what_the_library_says(client, city, photo, make):
    item = make(city)
    cover(item, photo, cover_alternative_fr="La cour où l’on apprend")
    assert 'alt="La cour où l’on apprend"' in read(client, item, "fr")
    assert "Une cour d’école" not in read(client, item, "fr")
    assert 'alt="ساحة مدرسة"' in read(client, item, "ar")
    # There is no English: the French of this place, named as French.
    assert 'alt="La cour où l’on apprend" lang="fr" dir="ltr"' in read(client, item, "en")
    assert Photo.objects.get().alternative_fr == "Une cour d’école"


def test_a_photo_that_is_decorative_elsewhere_may_say_something_in_one_place(client, city):
    photo = factories.make_photo(city, alternative_fr="", decorative=True)
    cover(city, photo)
    assert 'alt=""' in read(client, city, "fr")
    cover(city, photo, cover_alternative_fr="Une frise")
    assert 'alt="Une frise"' in read(client, city, "fr")
    told = client.get(reverse("api:cities-detail", args=[city.slug])).json()["cover"]
    assert (told["decorative"], told["alternative"]["fr"]) == (False, "Une frise")


def test_what_is_said_of_a_photo_in_one_place_is_not_said_of_it_in_another(city, photo):
    cover(city, photo, cover_alternative_fr="La cour")
    city.gallery.create(photo=photo, alternative_fr="Un étal")
    assert city.shown_cover.alternative_fr == "La cour"
    assert shown_photos(city)[0].alternative_fr == "Un étal"
    assert city.cover.alternative_fr == "Une cour d’école"


@pytest.mark.parametrize("make", [lambda city: city, factories.make_initiative])
def test_a_gallery_shows_the_captions_in_the_readers_language_or_in_the_one_there_is(client, city, photo, make):
    item = make(city)
    item.gallery.create(photo=photo, caption_fr="Le jour du <marché>", caption_ar="يوم السوق", alternative_fr="Un étal")
    page = read(client, item, "fr")
    assert '<p class="caption">Le jour du &lt;marché&gt;</p>' in page
    assert 'alt="Un étal"' in page
    assert '<p class="caption">يوم السوق</p>' in read(client, item, "ar")
    assert '<p class="caption" lang="fr" dir="ltr">Le jour du &lt;marché&gt;</p>' in read(client, item, "en")


def test_programs_are_told_what_a_photo_says_in_its_place(client, city, photo):
    cover(city, photo, cover_alternative_fr="La cour")
    city.gallery.create(photo=photo, caption_fr="Le marché", alternative_ar="بائع")
    answer = client.get(reverse("api:cities-detail", args=[city.slug])).json()
    assert answer["cover"]["alternative"] == {"fr": "La cour", "ar": "ساحة مدرسة", "en": None}
    [row] = answer["gallery"]
    assert row["caption"] == {"fr": "Le marché", "ar": None, "en": None}
    assert row["alternative"] == {"fr": "Une cour d’école", "ar": "بائع", "en": None}


def test_what_is_said_in_its_place_is_no_longer_missing(city):
    city.apply_patch({"summary_ar": ["", "مدينة تتعلّم."], "name_ar": ["", "مدينة"]})
    photo = factories.make_photo(city)
    cover(city, photo)
    row = city.gallery.create(photo=photo)
    assert [issue.type.name for issue in issues_of(photo)] == ["undescribed"]
    assert "[cover]" in City.objects.get().missing_aspects
    cover(city, photo, cover_alternative_ar="ساحة")
    assert "[cover]" not in City.objects.get().missing_aspects
    assert [issue.type.name for issue in issues_of(photo)] == ["undescribed"]  # the gallery says nothing yet
    row.alternative_ar = "ساحة"
    row.save()
    assert issues_of(photo) == []


# Consent


SECRET = "Fatima Zahra, autorisation 17 au bureau 4"


def test_the_consent_of_those_whom_a_photo_shows_never_leaves_the_desk(client, as_editor, city):
    photo = factories.make_photo(city, consent=SECRET, consent_until="2031-12-24", decorative=False)
    cover(city, photo)
    initiative = factories.make_initiative(city, cover=photo)
    for item in (city, initiative):
        item.gallery.create(photo=photo)
    lists = [reverse("cities:list"), reverse("initiatives:list")]
    addresses = [item.get_absolute_url() for item in (city, initiative)] + lists
    addresses += [
        f"{address}?format={kind}" for address in lists for kind in ("xlsx", "csv", "json", "geojson", "atom")
    ]
    addresses += [reverse(f"api:{name}") for name in ("cities-list", "initiatives-list")]
    addresses += [
        reverse("api:cities-detail", args=[city.slug]),
        reverse("api:initiatives-detail", args=[initiative.slug]),
    ]
    addresses += [reverse("api:openapi"), f"{reverse('search')}?q=Fatima"]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        content = b"".join(answer) if answer.streaming else answer.content
        for words in (SECRET.encode(), b"consent", b"2031-12-24"):
            assert words not in content, address
    assert not Photo.objects.matching("Fatima").exists()
    assert SECRET in as_editor.get(reverse("admin:cities_photo_change", args=[photo.pk])).content.decode()


@pytest.mark.parametrize(("days", "is_named"), [(-1, True), (0, True), (30, True), (31, False)])
def test_a_photo_is_named_a_month_before_the_consent_runs_out(city, days, is_named):
    photo = factories.make_photo(city, consent_until=localdate(moment()) + timedelta(days=days))
    factories.make_photo(city, consent="Sans fin")
    assert list(Photo.objects.consent_ending()) == ([photo] if is_named else [])
    if is_named:
        photo.withdraw()
        assert not Photo.objects.consent_ending().exists()


def test_the_care_list_says_until_when_and_leads_to_the_date(as_editor, city, other_city):
    photo = factories.make_photo(city, consent_until="2024-03-05")
    factories.make_photo(other_city, consent_until="2024-04-01")
    page = as_editor.get(reverse("admin:care"), {"kind": "consent"}).content.decode()
    assert "5 mars 2024" in page
    assert f"{reverse('admin:cities_photo_section', args=[photo.pk, 'rights'])}#id_consent_until" in page
    assert "avril 2024" not in page


# Order


@pytest.mark.parametrize(("model", "make"), [(City, lambda city: city), (Initiative, factories.make_initiative)])
def test_two_rows_of_a_gallery_swap_their_photos_and_their_positions(editor, coordinator, city, model, make):
    item = make(city)
    first, second = (factories.make_photo(city, alternative_fr=name) for name in "AB")
    rows = [item.gallery.create(photo=photo, position=place) for place, photo in enumerate((first, second))]
    keys = [f"gallery:{row.pk}:photo" for row in rows]
    swap = {keys[0]: [first.pk, second.pk], keys[1]: [second.pk, first.pk]}
    change = Change.propose(item, editor, swap)
    change.apply(by=coordinator)
    assert [row.photo for row in item.gallery.order_by("position")] == [second, first]
    places = [f"gallery:{row.pk}:position" for row in rows]
    item.apply_patch({places[0]: [0, 1], places[1]: [1, 0]})
    assert [row.photo for row in model.objects.get(pk=item.pk).gallery.all()] == [first, second]


@pytest.mark.parametrize("is_public", [True, False])
@pytest.mark.parametrize("button", ["_save", "_send"])
def test_two_rows_of_a_gallery_swap_their_photos_by_their_forms(as_editor, as_coordinator, city, is_public, button):
    item = factories.make_initiative(city, public=is_public)
    first, second = (factories.make_photo(city, alternative_fr=name) for name in "AB")
    rows = [item.gallery.create(photo=photo, position=place) for place, photo in enumerate((first, second))]
    client = as_coordinator if button == "_save" else as_editor
    swap = {f"gallery:{rows[0].pk}:photo": second.pk, f"gallery:{rows[1].pk}:photo": first.pk}
    edit(client, item, swap, button)
    for change in Change.objects.waiting():
        as_coordinator.post(reverse("admin:publishing_change_change", args=[change.pk]), {"step": "apply"})
    assert [row.photo for row in item.gallery.order_by("position")] == [second, first]
    item.refresh_from_db()
    assert item.state == "public"


@pytest.mark.parametrize("is_public", [True, False])
def test_a_photo_that_is_in_the_gallery_twice_is_said_at_its_row_and_visitors_see_it_once(as_editor, city, is_public):
    item = factories.make_initiative(city, public=is_public)
    rows = [item.gallery.create(photo=factories.make_photo(city), position=place) for place in range(2)]
    window = Window(as_editor, item, "gallery", rows[0].pk)
    page = as_editor.post(window.address, window.data | {"photo": rows[1].photo_id}, follow=True)
    assert "déjà dans la galerie" in page.content.decode()
    rows[0].refresh_from_db()
    assert rows[0].photo_id != rows[1].photo_id
    edit(as_editor, item, {}, "_send")
    assert not Change.objects.waiting().exists()
    as_editor.post(window.address, Window(as_editor, item, "gallery", rows[0].pk).data | {"photo": rows[0].photo_id})
    assert not Change.objects.unfinished().exists()


def test_a_gallery_still_takes_no_photo_twice(city, photo):
    rows = [city.gallery.create(photo=one) for one in (photo, factories.make_photo(city))]
    with pytest.raises(ValidationError, match="déjà dans la galerie"):
        city.apply_patch({f"gallery:{row.pk}:photo": [row.photo_id, photo.pk] for row in rows})
    assert CityPhoto.objects.filter(photo=photo).count() == 1
