"""Ways in and out: the language of a visitor, addresses that moved, pages that are gone."""

import re
from datetime import timedelta

import pytest

from learningcities.pages.models import MenuLink, SiteText
from learningcities.publishing.version import content_version
from tests import factories
from tests.conftest import thorough


@pytest.mark.parametrize(
    ("accepted", "home"),
    [("fr-MA,fr;q=0.9", "/fr/"), ("ar-MA", "/ar/"), ("en-GB,ar;q=0.5", "/en/"), ("de", "/fr/"), ("", "/fr/")],
)
def test_the_root_leads_to_the_home_page_in_the_visitors_language(client, accepted, home):
    response = client.get("/", headers={"accept-language": accepted})
    assert (response.status_code, response["Location"]) == (302, home)
    assert response["Vary"] == "Accept-Language"


@thorough
def test_the_cities_have_a_french_address(db, client):
    assert client.get("/fr/villes/").status_code == 200
    assert client.get("/en/cities/").status_code == 200
    assert client.get("/ar/cities/").status_code == 200
    assert client.get("/en/villes/").status_code == 404


def test_the_language_switch_stays_on_the_page(db, client):
    factories.make_city(slug="benguerir")
    html = " ".join(client.get("/fr/villes/benguerir/").content.decode().split())
    assert 'href="/ar/cities/benguerir/" lang="ar" hreflang="ar"' in html
    assert 'href="/en/cities/benguerir/" lang="en" hreflang="en"' in html


def test_a_page_claims_only_the_languages_it_is_written_in(db, client):
    factories.make_city(slug="benguerir", name_ar="ابن جرير", summary_ar="مدينة تتعلّم.", name_en="Benguerir")
    html = client.get("/en/cities/benguerir/").content.decode()
    claimed = re.findall(r'rel="alternate" hreflang="([^"]+)" href="http://testserver([^"]+)"', html)
    assert claimed == [
        ("fr", "/fr/villes/benguerir/"),
        ("ar", "/ar/cities/benguerir/"),
        ("x-default", "/fr/villes/benguerir/"),
    ]


def test_a_text_in_another_language_says_so(db, client):
    factories.make_city(slug="benguerir", name_fr="Benguerir", name_ar="ابن جرير")
    html = client.get("/ar/cities/benguerir/").content.decode()
    assert "<h1>ابن جرير</h1>" in html
    assert re.search(r'<p class="lead" lang="fr" dir="ltr">\s*Une ville qui apprend\.', html)


def test_the_sitemap_lists_three_languages_and_claims_those_that_are_written(db, client):
    factories.make_page(slug="about")
    xml = client.get("/sitemap.xml").content.decode()
    for language in ("fr", "ar", "en"):
        assert f"<loc>http://testserver/{language}/about/</loc>" in xml
    entry = re.search(r"<url><loc>http://testserver/en/about/</loc>.*?</url>", xml, re.DOTALL)[0]
    assert re.findall(r'hreflang="([^"]+)"', entry) == ["fr", "x-default"]
    assert re.search(r"<lastmod>\d{4}-\d\d-\d\d</lastmod>", entry)


def test_a_page_shows_its_clean_text(db, client):
    factories.make_page(slug="about", body_fr="<p>Bonjour</p><script>alert(1)</script>", title_fr="<b>À propos</b>")
    html = client.get("/fr/about/").content.decode()
    assert "<p>Bonjour</p>" in html
    assert "alert(1)" not in html
    assert "&lt;b&gt;À propos" in html


def test_what_was_never_public_is_not_found(db, client):
    page = factories.make_page(slug="draft", public=False)
    assert client.get("/fr/draft/").status_code == 404
    page.public_from = content_version.moment() + timedelta(days=1)
    page.save()
    assert client.get("/fr/draft/").status_code == 404
    assert "draft" not in client.get("/sitemap.xml").content.decode()


def end(page):
    page.public_until, page.public_from = content_version.moment(), content_version.moment() - timedelta(days=1)
    page.save()


@pytest.mark.parametrize("leave", [lambda page: page.withdraw(), lambda page: page.move_to_bin(), end])
def test_what_was_public_is_gone_with_a_way_on(db, client, leave):
    page = factories.make_page(slug="old")
    leave(page)
    response = client.get("/fr/old/")
    assert response.status_code == 410
    assert 'href="/fr/initiatives/"' in response.content.decode()
    assert "Texte." not in response.content.decode()


def test_an_old_address_leads_to_the_new_one_for_ever(db, client):
    city = factories.make_city(slug="ben-guerir")
    city.slug = "benguerir"
    city.save()
    response = client.get("/ar/cities/ben-guerir/")
    assert (response.status_code, response["Location"]) == (301, "/ar/cities/benguerir/")
    city.withdraw()
    assert client.get("/ar/cities/ben-guerir/").status_code == 410


def test_an_initiative_goes_with_its_city(db, client):
    initiative = factories.make_initiative(slug="library")
    initiative.city.withdraw()
    assert client.get("/fr/initiatives/library/").status_code == 410
    hidden = factories.make_initiative(factories.make_city(slug="hidden", public=False), slug="shy")
    assert hidden.was_public
    assert client.get("/fr/initiatives/shy/").status_code == 404


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Cette page est introuvable"), ("ar", "لم نجد هذه الصفحة"), ("en", "This page was not found")],
)
def test_an_error_speaks_the_language_of_the_address(db, client, language, sentence):
    response = client.get(f"/{language}/nothing/at/all/")
    assert response.status_code == 404
    assert sentence in response.content.decode()
    assert f'<html lang="{language}"' in response.content.decode()


def test_a_failure_needs_no_database(db, client, monkeypatch):
    client.raise_request_exception = False

    def fail(request):
        raise RuntimeError

    monkeypatch.setattr("learningcities.pages.site_texts.Site.text", property(fail))
    monkeypatch.setattr("learningcities.views.overview", fail)
    response = client.get("/ar/")
    assert response.status_code == 500
    assert "حدث خلل هنا" in response.content.decode()


def test_the_menu_leaves_out_a_page_that_is_not_public(db, client):
    page = factories.make_page(slug="about")
    MenuLink.objects.create(place="header", label_fr="À propos", page=page)
    SiteText.objects.update_or_create(key="site_name", defaults={"value_fr": "Villes"})
    assert 'href="/fr/about/"' in client.get("/fr/").content.decode()
    page.withdraw()
    assert 'href="/fr/about/"' not in client.get("/fr/").content.decode()


def test_a_photo_is_shown_only_when_it_is_public(db, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = factories.make_photo(public=False, credit="Une photographe", focus_x=20)
    city = factories.make_city(slug="benguerir", public=False, cover=photo)
    city.publish()
    html = client.get("/fr/villes/benguerir/").content.decode()
    assert 'alt="Une cour d’école"' in html
    assert "focus-x-2 focus-y-5" in html
    assert "Une photographe" in html
    photo.refresh_from_db()
    photo.withdraw()
    html = client.get("/fr/villes/benguerir/").content.decode()
    assert "<picture" not in html
    assert 'class="zellige"' in html


def test_the_home_page_counts_only_what_is_public(db, client):
    city = factories.make_city()
    factories.make_initiative(city)
    factories.make_initiative(city, slug="draft", public=False)
    factories.make_place(city, public=False)
    counts = client.get("/fr/").context["counts"]
    assert counts == {"cities": 1, "initiatives": 1, "places": 0}


def test_the_home_page_shows_six_cities_and_others_the_next_day(db, client, monkeypatch):
    for number in range(8):
        factories.make_city(slug=f"city-{number}")
    today, days = content_version.moment(), []
    for day in (1, 2):
        moment = today + timedelta(days=day)
        monkeypatch.setattr(content_version, "moment", lambda moment=moment: moment)
        days.append([city.slug for city in client.get("/fr/").context["cities"]])
    assert [len(slugs) for slugs in days] == [6, 6]
    assert {*days[0], *days[1]} == {f"city-{number}" for number in range(8)}


def test_the_home_page_tells_an_initiative_with_a_figure_large_and_five_others_in_a_line(db, client):
    city = factories.make_city()
    counted = factories.make_initiative(city, slug="counted", title_fr="Mille lecteurs")
    counted.figures.create(label_fr="Lecteurs", value=1234, year=2024, source_fr="La ville")
    for number in range(6):
        factories.make_initiative(city, slug=f"n-{number}")
    hidden = factories.make_initiative(city, slug="draft", public=False)
    hidden.figures.create(label_fr="Lecteurs", value=9876, year=2024, source_fr="La ville")
    response = client.get("/fr/")
    html = response.content.decode()
    assert response.context["told"] == counted
    assert len(response.context["initiatives"]) == 5
    assert counted not in response.context["initiatives"]
    assert "La ville" in html
    assert "9\u202f876" not in html


def test_a_photo_of_the_first_screen_is_not_lazy_and_those_below_are(db, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    factories.make_city(slug="benguerir", cover=factories.make_photo())
    assert 'loading="lazy"' not in client.get("/fr/villes/benguerir/").content.decode()
    assert 'loading="lazy"' in client.get("/fr/villes/").content.decode()
