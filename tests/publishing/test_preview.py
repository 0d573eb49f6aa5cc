"""A preview: the real page as it would be, for who has the link, and for nobody else a trace of it."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cities.models import City
from initiatives.models import Initiative, Theme
from learningcities.desk.item.preview import WIDTHS
from learningcities.publishing.models import Change, Preview
from learningcities.publishing.patches.snapshot import snapshot
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.publishing.workflow import preview_rendering
from learningcities.text.translation import LANGUAGES
from tests import factories
from tests.conftest import logged_in, make_person, thorough
from tests.forms import by_form, data_of, form_at, page_of, section_at

pytestmark = [thorough, pytest.mark.django_db]

WISH = "Un résumé que personne ne voit encore"
FRAME = re.compile(r'<iframe src="([^"]+)"')


def screen_of(row):
    return page_of(row, "preview")


def save_and_preview(client, row, **changes):
    """By the button below the form that the changes stand in; without any, by the one below the outline."""
    if not changes:
        return client.post(screen_of(row))
    [((name, key), words)] = by_form(row, changes).items()
    address, data = section_at(client, row, name, key)
    return client.post(address, data | words | {"_preview": "1"})


def read(preview, language="fr"):
    """What a visitor without an account gets."""
    return Client().get(preview.address(language))


@pytest.fixture
def preview(as_editor, city):
    save_and_preview(as_editor, city, summary_fr=WISH, summary_ar="ملخص لم ينشر بعد")
    return Preview.objects.get()


# What it shows


def test_an_editors_change_of_a_live_city_is_shown_in_each_language_and_the_live_page_stays(as_editor, city, preview):
    change = Change.objects.unfinished().get()
    assert (preview.change, preview.item) == (change, city)
    assert WISH in read(preview, "fr").content.decode()
    assert "ملخص لم ينشر بعد" in read(preview, "ar").content.decode()
    assert '<html lang="ar" dir="rtl">' in read(preview, "ar").content.decode()
    assert '<html lang="en" dir="ltr">' in read(preview, "en").content.decode()
    assert WISH not in Client().get(city.get_absolute_url()).content.decode()


def test_the_screen_shows_it_in_a_frame_by_language_and_by_width(as_editor, city, preview):
    html = as_editor.get(f"{screen_of(city)}?shown={preview.pk}").content.decode()
    assert FRAME.search(html)[1] == preview.address("fr")
    assert f"http://testserver{preview.address('fr')}" in html
    html = as_editor.get(f"{screen_of(city)}?shown={preview.pk}&language=ar&width=phone").content.decode()
    assert FRAME.search(html)[1] == preview.address("ar")
    assert 'class="preview-frame preview-phone"' in html
    for nonsense in ("?shown=x&language=xx&width=9", "?shown=999999"):
        assert as_editor.get(screen_of(city) + nonsense).status_code == 200


def test_it_is_the_real_page_with_a_line_on_what_it_is(client, city, preview):
    stored = read(preview).content.decode()
    live = client.get(city.get_absolute_url()).content.decode()
    assert 'class="preview-note"' in stored
    assert 'class="preview-note"' not in live
    assert '<meta name="robots" content="noindex, follow">' in stored
    without = re.sub(r'<aside class="preview-note".*?</aside>', "", stored, flags=re.DOTALL).replace(WISH, "")
    without = without.replace(' target="_blank"', "").replace('<meta name="robots" content="noindex, follow">', "")
    expected = live.replace(city.summary_fr, "")
    plain = [re.sub(r"\?v=\w+|\s+", "", text) for text in (without, expected)]
    assert plain[0] == plain[1]


def test_what_was_never_public_is_shown_with_its_city_and_its_photos(as_editor, editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    city = factories.make_city(slug="new-city", public=False, name_fr="Ville nouvelle")
    city.editors.add(editor)
    photo = factories.make_photo(city, public=False)
    initiative = factories.make_initiative(city, public=False, cover=photo, title_fr="Jamais vue")
    save_and_preview(as_editor, initiative)
    html = read(Preview.objects.get()).content.decode()
    assert "Jamais vue" in html
    assert "Ville nouvelle" in html
    pictures = re.findall(r"/media/[^\s\"]+", html)
    assert pictures
    assert b"".join(Client().get(pictures[0]))
    for row in (city, photo, initiative):
        assert type(row).objects.get(pk=row.pk).public_from is None


def test_what_was_just_added_can_be_previewed_at_once(as_editor, city):
    address = reverse("admin:initiatives_initiative_add")
    data = data_of(form_at(as_editor, address)) | {"title_fr": "Toute neuve"}
    outline = as_editor.post(address, data, follow=True).text
    assert f'action="{screen_of(Initiative.objects.get())}"' in outline
    save_and_preview(as_editor, Initiative.objects.get())
    assert "Toute neuve" in read(Preview.objects.get()).content.decode()


def test_an_incomplete_draft_is_shown_and_the_screen_says_what_it_lacks(as_editor, city):
    initiative = factories.make_initiative(city, public=False, status_on="", summary_fr="")
    html = as_editor.get(save_and_preview(as_editor, initiative)["Location"]).content.decode()
    assert "<bdi>Résumé (français) : " in html
    assert len(Preview.objects.get().gaps["ar"]) == 2
    assert read(Preview.objects.get()).status_code == 200


def test_a_form_with_an_error_is_neither_saved_nor_shown(as_editor, city):
    response = save_and_preview(as_editor, city, latitude="nord")
    assert response.status_code == 200
    assert response.context["form"].errors["latitude"]
    assert not Change.objects.unfinished().exists()
    assert not Preview.objects.exists()


def test_rows_and_relations_of_the_change_are_shown(as_editor, city):
    save_and_preview(as_editor, city, **{"axes:new:title_fr": "Un axe qui attend"})
    assert "Un axe qui attend" in read(Preview.objects.get()).content.decode()
    initiative = factories.make_initiative(city)
    save_and_preview(as_editor, initiative, themes=[Theme.objects.get(slug="literacy").pk])
    assert Theme.objects.get(slug="literacy").name_fr in read(Preview.objects.first()).content.decode()


def test_a_page_of_the_network_is_previewed_by_a_coordinator(as_coordinator):
    page = factories.make_page(public=False)
    save_and_preview(as_coordinator, page, body_fr="<p>Bientôt ici.</p>")
    assert "Bientôt ici." in read(Preview.objects.get()).content.decode()
    assert Client().get(page.get_absolute_url()).status_code == 404


def test_a_coordinators_preview_of_a_live_page_publishes_nothing(as_coordinator, city):
    save_and_preview(as_coordinator, city, summary_fr=WISH)
    assert City.objects.get().summary_fr != WISH
    assert WISH in read(Preview.objects.get()).content.decode()


def test_a_coordinator_looks_at_the_change_they_review(as_coordinator, editor, city):
    change = Change.propose(city, editor, {"summary_fr": [city.summary_fr, WISH]})
    html = as_coordinator.get(reverse("admin:publishing_change_change", args=[change.pk])).content.decode()
    assert f'action="{screen_of(city)}"' in html
    as_coordinator.post(screen_of(city), {"change": change.pk})
    assert WISH in read(Preview.objects.first()).content.decode()


def test_a_draft_that_was_not_sent_is_no_coordinators_to_look_at(as_coordinator, preview, city):
    assert as_coordinator.post(screen_of(city), {"change": preview.change_id}).status_code == 403


def test_a_change_that_no_longer_fits_is_said_and_nothing_is_stored(as_coordinator, superuser, city):
    change = Change.propose(city, superuser, {"slug": [city.slug, "taken"]})
    factories.make_city(slug="taken")
    response = as_coordinator.post(screen_of(city), {"change": change.pk}, follow=True)
    assert response.redirect_chain[-1][0] == page_of(city, "change")
    assert len(response.context["messages"]) == 1
    assert not Preview.objects.exists()


def test_a_script_in_a_change_is_no_more_in_the_preview_than_on_the_page(as_editor, editor, city):
    Change.propose(city, editor, {"body_fr": ["", "<p>Bon</p><script>alert(1)</script><p onclick='x()'>texte</p>"]})
    as_editor.post(screen_of(city), {"make": "1"})
    html = read(Preview.objects.get()).content.decode()
    assert "<p>Bon</p>" in html
    assert "alert(1)" not in html
    assert "onclick" not in html


# What it never shows


def public_bytes(client):
    """All that a visitor can ask for, in the languages and formats there are."""
    addresses = ["/sitemap.xml", "/fr/share/city/own-city.png", "/fr/share/initiative/draft.png"]
    addresses += ["/api/v1/cities/", "/api/v1/initiatives/"]
    for language in LANGUAGES:
        words = {"fr": ("villes", "recherche"), "ar": ("cities", "search"), "en": ("cities", "search")}[language]
        home, cities, search = f"/{language}/", f"/{language}/{words[0]}/", f"/{language}/{words[1]}/"
        lists = [cities, f"/{language}/initiatives/"]
        addresses += [home, f"{search}?q=personne", f"{cities}own-city/", f"/{language}/initiatives/draft/"]
        addresses += [
            f"{address}?{query}" for address in lists for query in ("", "q=personne", "format=atom", "view=map")
        ]
    answers = {}
    for address in addresses:
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        answers[address] = response.status_code, body
    return answers


def test_it_leaves_no_trace_in_any_public_page_list_count_search_feed_or_picture(as_editor, city):
    factories.make_initiative(city)
    draft = factories.make_initiative(city, slug="draft", public=False, title_fr="Personne ne le voit")
    before = public_bytes(Client())
    assert {address: status for address, (status, _body) in before.items() if status == 404}
    stamp = ContentVersion.objects.get().stamp
    for row in (city, draft):
        # Nothing is warm: what the previews compute is the first of its kind for the state.
        ContentVersion.bump()
        save_and_preview(as_editor, row, summary_fr="Ce que personne ne voit")
    assert stamp != ContentVersion.objects.get().stamp
    assert Preview.objects.count() == 2
    after = public_bytes(Client())
    assert list(after) == list(before)
    for address, answer in before.items():
        assert after[address] == answer, address


def test_while_it_is_made_the_clock_has_no_reading_and_nothing_is_kept(as_editor, city, monkeypatch):
    readings, page = [], preview_rendering.page
    note = readings.append
    monkeypatch.setattr(preview_rendering, "page", lambda *args: note(ContentVersion.current().stamp) or page(*args))
    save_and_preview(as_editor, city, summary_fr=WISH)
    assert readings == ["", "", ""]
    assert ContentVersion.current().stamp


@pytest.mark.usefixtures("vocabularies_after")
@pytest.mark.django_db(transaction=True)
def test_while_it_is_made_another_process_sees_nothing_of_it(as_editor, city, monkeypatch):
    factories.make_initiative(city)
    draft = factories.make_initiative(city, slug="draft", public=False, title_fr="Personne ne le voit")
    before, meanwhile, page = public_bytes(Client()), [], preview_rendering.page

    def visit():
        meanwhile.append(public_bytes(Client()))
        connection.close()

    def watched(*args):
        visitor = threading.Thread(target=visit)
        visitor.start()
        visitor.join()
        return page(*args)

    ContentVersion.bump()
    monkeypatch.setattr(preview_rendering, "page", watched)
    save_and_preview(as_editor, draft)
    assert len(meanwhile) == 3
    assert all(seen == before for seen in meanwhile)
    assert public_bytes(Client()) == before


def test_the_item_and_its_record_stay_as_they_are(as_editor, city):
    initiative = factories.make_initiative(city, public=False)
    before, changes, stamp = snapshot(initiative), Change.objects.count(), ContentVersion.objects.get().stamp
    as_editor.post(screen_of(initiative), {"make": "1"})
    assert Preview.objects.count() == 1
    now = ContentVersion.objects.get().stamp
    assert (snapshot(initiative), Change.objects.count(), now) == (before, changes, stamp)


# Who sees it, and for how long


def test_it_is_kept_by_nobody_indexed_by_nobody_and_framed_by_the_desk_alone(preview):
    response = read(preview)
    assert response["Cache-Control"] == "no-store, private"
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not response.cookies


def test_only_the_screen_may_hold_a_frame_and_only_the_preview_may_be_in_one(as_editor, city, preview):
    screens = [screen_of(city), *(page_of(city, *names) for names in (["change"], ["section", "brief"]))]
    for address in screens:
        assert "frame-src 'self'" in as_editor.get(address)["Content-Security-Policy"]
    for response in (as_editor.get(page_of(city, "send")), Client().get(city.get_absolute_url())):
        assert "frame-src" not in response["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_it_is_the_same_bytes_for_everybody(as_coordinator, as_editor, preview):
    bodies = {client.get(preview.address("fr")).content for client in (as_coordinator, as_editor, Client())}
    assert len(bodies) == 1


def test_it_ends_after_seven_days(preview):
    assert timedelta(days=7) - timedelta(minutes=1) < preview.expires_at - moment() <= timedelta(days=7)
    Preview.objects.update(created_at=moment() - timedelta(days=8), expires_at=moment())
    assert read(preview).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_expired_revoked_and_unknown_are_told_alike(preview, language):
    unknown = Client().get(reverse("preview", args=["x" * 22, language]))
    Preview.objects.update(created_at=moment() - timedelta(days=8), expires_at=moment())
    expired = read(preview, language)
    Preview.objects.update(expires_at=moment() + timedelta(days=1), revoked_at=moment())
    revoked = read(preview, language)
    assert {response.status_code for response in (unknown, expired, revoked)} == {404}
    assert unknown.content == expired.content == revoked.content
    assert f'<html lang="{language}"' in revoked.content.decode()
    assert preview.link_token not in revoked.content.decode()


def test_an_unknown_language_is_not_found(preview):
    assert read(preview, "xx").status_code == 404


def test_a_preview_can_only_be_read(preview):
    assert Client().post(preview.address("fr")).status_code == 405


def test_its_author_revokes_it_and_its_pages_are_gone(as_editor, city, preview):
    assert read(preview).status_code == 200
    as_editor.post(screen_of(city), {"revoke": preview.pk})
    assert read(preview).status_code == 404
    preview.refresh_from_db()
    assert preview.pages == {}


def test_a_coordinator_revokes_anybodys(as_coordinator, city, preview):
    assert f'value="{preview.pk}"' in as_coordinator.get(screen_of(city)).content.decode()
    as_coordinator.post(screen_of(city), {"revoke": preview.pk})
    assert read(preview).status_code == 404


def test_a_colleague_of_the_same_city_neither_sees_nor_revokes_it(city, preview):
    colleague = make_person("colleague")
    city.editors.add(colleague)
    client = logged_in(colleague)
    assert preview.link_token not in client.get(screen_of(city)).content.decode()
    assert client.post(screen_of(city), {"revoke": preview.pk}).status_code == 404
    assert client.post(screen_of(city), {"change": preview.change_id}).status_code == 403
    assert read(preview).status_code == 200


def test_an_editor_of_another_city_and_a_visitor_get_nowhere(other_city, city, preview):
    stranger = make_person("stranger")
    other_city.editors.add(stranger)
    for client, status in ((logged_in(stranger), 404), (Client(), 302)):
        for data in ({}, {"make": "1"}, {"revoke": preview.pk}, {"change": preview.change_id}):
            assert client.post(screen_of(city), data).status_code == status
        assert client.get(screen_of(city)).status_code == status
    page = factories.make_page()
    assert logged_in(stranger).get(screen_of(page)).status_code == 404
    assert Preview.objects.open().count() == 1


def test_forged_keys_lead_nowhere(as_editor, editor, other_city, city, preview):
    other = Change.propose(other_city, editor, {"summary_fr": ["", "x"]})
    for data in ({"revoke": "x"}, {"revoke": "9" * 30}, {"change": "-1"}, {"change": other.pk}):
        assert as_editor.post(screen_of(city), data).status_code == 404
    initiative = factories.make_initiative(city)
    assert as_editor.post(screen_of(initiative), {"revoke": preview.pk}).status_code == 404
    assert Preview.objects.open().count() == 1


def test_to_look_at_the_screen_writes_nothing(as_editor, city, preview):
    before = Preview.objects.values().get()
    as_editor.get(screen_of(city))
    as_editor.get(f"{screen_of(city)}?revoke={preview.pk}&make=1&change={preview.change_id}")
    assert Preview.objects.values().get() == before


def test_what_is_over_goes_when_the_next_is_made(as_editor, city, preview):
    Preview.objects.update(revoked_at=moment())
    as_editor.post(screen_of(city), {"make": "1"})
    assert Preview.objects.get().pk != preview.pk


def test_photos_and_places_have_no_page_and_no_preview(as_editor, city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    place = factories.make_place(city)
    pages = [
        page_of(factories.make_photo(city), "change"),
        page_of(place, "change"),
        page_of(place, "section", "brief"),
    ]
    for address in pages:
        page = as_editor.get(address).text
        assert "_preview" not in page
        assert "/preview/" not in page
    assert "_preview" in as_editor.get(page_of(city, "section", "brief")).text
    assert screen_of(city) in as_editor.get(page_of(city, "change")).text


# What it costs


@pytest.fixture
def count(django_assert_max_num_queries):
    def queries(act):
        with django_assert_max_num_queries(200) as found:
            act()
        return len(found)

    return queries


def test_a_stored_page_is_one_question_to_the_database(django_assert_num_queries, preview):
    with django_assert_num_queries(1):
        read(preview)


def test_the_cost_of_a_preview_does_not_grow_with_photos_or_other_rows(as_editor, city, settings, tmp_path, count):
    settings.MEDIA_ROOT = tmp_path
    initiative = factories.make_initiative(city, public=False)
    initiative.gallery.create(photo=factories.make_photo(city, public=False))
    make = lambda: as_editor.post(screen_of(initiative), {"make": "1"})  # noqa: E731
    show = lambda: as_editor.get(screen_of(initiative))  # noqa: E731
    make()
    few = count(make), count(show)
    for _number in range(4):
        initiative.gallery.create(photo=factories.make_photo(city, public=False))
    factories.make_many(city, range(1, 20))
    for _number in range(3):
        make()
    assert (count(make), count(show)) <= few
    assert few[0] < 100
    assert few[1] <= 12


def test_the_names_of_the_widths_are_those_of_the_style_sheet(settings):
    css = (settings.BASE_DIR / "static" / "css" / "preview.css").read_text()
    for width in {*WIDTHS, "fitting"} - {"desktop"}:  # which is what a frame is
        assert f".preview-{width} {{" in css


def test_a_new_slug_is_shown_at_the_address_it_will_have(as_editor, city):
    save_and_preview(as_editor, city, slug="other-name")
    assert "/fr/villes/other-name/" in read(Preview.objects.get()).content.decode()
    assert City.objects.get(pk=city.pk).slug == "own-city"
