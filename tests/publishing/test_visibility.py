"""One rule of visibility, in the database and on the instance alike."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cities.models import City
from initiatives.models import Initiative
from learningcities.publishing.models import Redirect
from tests import factories

NOW = timezone.now()
HOUR = timedelta(hours=1)

STATES = [
    ({}, "never"),
    ({"public_from": NOW - HOUR}, "public"),
    ({"public_from": NOW + HOUR}, "later"),
    ({"public_from": NOW - 2 * HOUR, "public_until": NOW - HOUR}, "ended"),
    ({"public_from": NOW - HOUR, "public_until": NOW + HOUR}, "public"),
    ({"public_from": NOW - HOUR, "withdrawn_at": NOW}, "withdrawn"),
    ({"public_from": NOW - HOUR, "binned_at": NOW}, "binned"),
    ({"binned_at": NOW}, "binned"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("dates", "state"), STATES)
def test_the_state_in_words_agrees_with_what_visitors_get(dates, state, client):
    city = factories.make_city(public=False, **dates)
    assert city.state == state
    assert city.is_public() == (state == "public")
    assert City.objects.published().exists() == (state == "public")
    expected = {"public": 200, "never": 404, "later": 404}.get(state, 410 if city.was_public else 404)
    assert client.get(city.get_absolute_url()).status_code == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("dates", "state"), STATES)
def test_an_initiative_is_public_only_while_its_city_is(dates, state):
    city = factories.make_city(public=False, **dates)
    initiative = factories.make_initiative(city)
    assert initiative.is_public() == (state == "public")
    assert Initiative.objects.published().exists() == (state == "public")


@pytest.mark.django_db
def test_what_is_public_at_another_moment_can_be_asked():
    city = factories.make_city(public=False, public_from=NOW + HOUR, public_until=NOW + 3 * HOUR)
    answers = [city.is_public(NOW + hours * HOUR) for hours in (0, 1, 2, 3)]
    assert answers == [False, True, True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("lacking", ["summary_fr", "figure", "recognition"])
def test_an_incomplete_city_cannot_be_published(lacking):
    city = factories.make_city(public=False)
    if lacking == "summary_fr":
        city.summary_fr = ""
        city.save()
    elif lacking == "figure":
        factories.make_figure(city, year=None)
    else:
        city.recognitions.create(kind="award", title_fr="Prix", date="2024")
    with pytest.raises(ValidationError):
        city.publish()
    assert not city.is_public()


@pytest.mark.django_db
def test_publishing_takes_the_photos_along(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    city = factories.make_city(public=False)
    city.cover = factories.make_photo(city, public=False)
    city.save()
    city.publish()
    city.cover.refresh_from_db()
    assert city.cover.state == "public"


@pytest.mark.django_db
def test_a_photo_nobody_described_stops_the_publication(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    city = factories.make_city(public=False)
    city.cover = factories.make_photo(city, public=False, alternative_fr="")
    city.save()
    with pytest.raises(ValidationError):
        city.publish()
    city.refresh_from_db()
    assert not city.is_public()


@pytest.mark.django_db
def test_a_changed_slug_leaves_a_permanent_redirect_in_every_language(client):
    city = factories.make_city(slug="old-name")
    city.slug = "new-name"
    city.save()
    for old, new in (
        ("/fr/villes/old-name/", "/fr/villes/new-name/"),
        ("/ar/cities/old-name/", "/ar/cities/new-name/"),
    ):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new)


@pytest.mark.django_db
def test_a_slug_that_was_never_public_leaves_nothing():
    city = factories.make_city(slug="old-name", public=False)
    city.slug = "new-name"
    city.save()
    assert not Redirect.objects.exists()


@pytest.mark.django_db
def test_out_of_the_bin_is_not_back_on_the_site():
    city = factories.make_city()
    city.move_to_bin()
    city.take_out_of_bin()
    assert city.state == "withdrawn"
    city.publish()
    assert city.is_public()


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["fr", "admin", "cities", "villes", "design", "Ville", "une ville", "مدينة"])
def test_a_reserved_or_non_latin_slug_is_refused(slug):
    with pytest.raises(ValidationError):
        factories.make_page(slug=slug, public=False).full_clean()
