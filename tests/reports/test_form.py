"""The form by which a visitor reports an error: what it takes, what it refuses, what it never does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import override

from learningcities.reports import token
from learningcities.reports.forms import ReportForm
from learningcities.reports.models import Quota, Report
from tests import factories
from tests.conftest import thorough

pytestmark = pytest.mark.django_db


def refused(response, field=None, status=200, stored=0):
    """Whether the form came back with a sentence, with what was typed, and nothing was stored."""
    form = response.context["form"]
    assert response.status_code == status
    assert form.errors.get(field or "__all__")
    assert Report.objects.count() == stored
    return form


def open_form(client, page, language="fr"):
    with override(language):
        return client.get(f"{reverse('reports:report')}?{urlencode({'page': page})}")


# What it takes


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_a_visitor_reports_an_error_on_a_citys_page(city, client, send, language):
    with override(language):
        page, thanks = city.get_absolute_url(), reverse("reports:thanks")
    form = open_form(client, page, language)
    assert f'<html lang="{language}"' in form.content.decode()
    assert "Ville à soi" in form.content.decode()
    response = send(page, language, sender_name="Salma", sender_email="salma@example.org")
    assert (response.status_code, response["Location"]) == (302, f"{thanks}?{urlencode({'page': page})}")
    report = Report.objects.get()
    assert (report.item, report.page, report.title, report.language) == (city, page, "Ville à soi", language)
    assert (report.message, report.state) == ("La population est de 2014.", "new")
    assert (report.sender_name, report.sender_email) == ("Salma", "salma@example.org")
    assert page in client.get(response["Location"]).content.decode()


def test_name_and_email_may_be_left_out(send):
    assert send().status_code == 302
    assert Report.objects.get().sender_name == Report.objects.get().sender_email == ""


def test_each_detail_page_and_each_list_leads_to_the_form(city, client):
    initiative, page = factories.make_initiative(city), factories.make_page()
    pages = [city.get_absolute_url(), initiative.get_absolute_url(), page.get_absolute_url()]
    for path in [*pages, reverse("cities:list"), reverse("initiatives:list")]:
        assert f'href="{reverse("reports:report")}?page={path}"' in client.get(path).content.decode()
        assert client.get(f"{reverse('reports:report')}?page={path}").status_code == 200


def test_the_form_names_the_item_or_the_list_and_stores_the_item(city, client):
    initiative, page = factories.make_initiative(city, title_fr="Lire en ville"), factories.make_page(title_fr="Aide")
    for item, title in ((initiative, "Lire en ville"), (page, "Aide"), (city, "Ville à soi")):
        about = open_form(client, item.get_absolute_url()).context["about"]
        assert (about.item, about.title) == (item, title)
    for path, title in ((reverse("cities:list"), "Villes"), (reverse("initiatives:list") + "?q=x", "Initiatives")):
        about = open_form(client, path).context["about"]
        assert (about.item, about.title) == (None, title)


def test_a_page_is_named_in_the_visitors_language_whatever_its_path(city, client):
    city.name_ar = "مدينتنا"
    city.save()
    assert open_form(client, city.get_absolute_url(), "ar").context["about"].title == "مدينتنا"


def test_without_a_page_the_report_is_about_the_site(client, db):
    response = client.get(reverse("reports:report"))
    assert response.context["about"].path == "/fr/"


def test_an_unknown_path_is_taken_as_it_is(send):
    assert send("/fr/nulle-part/?a=b").status_code == 302
    report = Report.objects.get()
    assert (report.item, report.page, report.title) == (None, "/fr/nulle-part/?a=b", "/fr/nulle-part/?a=b")


def test_of_what_is_not_public_nothing_but_the_path_is_said(client, send, other_city):
    hidden = factories.make_city(slug="hidden", name_fr="Cachée", public=False)
    initiative = factories.make_initiative(other_city, title_fr="Secrète")
    other_city.withdraw()
    for item, word in ((hidden, "Cachée"), (initiative, "Secrète"), (other_city, "Autre ville")):
        path = item.get_absolute_url()
        assert word not in open_form(client, path).content.decode()
        send(path)
        report = Report.objects.latest("id")
        assert (report.item, report.title) == (None, path)


def test_a_form_with_an_error_keeps_its_token_and_can_be_sent_at_once(send, client):
    form = refused(send(message=" "), "message")
    assert send(token=form.next_token).status_code == 302


def test_a_double_click_is_one_report_and_one_message(send, token_aged, coordinator, mailoutbox):
    coordinator.email = "coordinator@example.org"
    coordinator.save()
    form = token_aged(30)
    for _click in range(REPORTS + 2):
        assert send(token=form).status_code == 302
    assert Report.objects.count() == len(mailoutbox) == 1


def test_two_clicks_at_the_same_moment_are_one_report(send, token_aged, monkeypatch):
    form, found = token_aged(30), ReportForm.earlier.fget
    send(token=form)
    not_yet = [None, None]  # when the form is checked, the other one isn't stored
    monkeypatch.setattr(ReportForm, "earlier", property(lambda form: not_yet.pop() if not_yet else found(form)))
    assert send(token=form).status_code == 302
    assert Report.objects.count() == 1


def test_a_form_serves_once_and_what_else_was_typed_into_it_can_be_sent_by_another(send, token_aged):
    used = token_aged(30)
    assert send(token=used).status_code == 302
    response = send(token=used, message="Et la source manque.")
    form = refused(response, "token", stored=1)
    assert "Et la source manque." in response.content.decode()
    assert form.next_token != used
    assert send(token=token_aged(30), message="Et la source manque.").status_code == 302
    assert Report.objects.count() == 2


def test_of_two_clicks_with_other_words_at_the_same_moment_one_is_refused_with_a_sentence(
    send, token_aged, monkeypatch
):
    used = token_aged(30)
    send(token=used)
    monkeypatch.setattr(ReportForm, "earlier", None)
    refused(send(token=used, message="Et la source manque."), "token", stored=1)


def test_what_tells_a_form_again_says_nothing_of_its_sender(send):
    for _form in range(2):
        send(sender_name="Salma", sender_email="salma@example.org")
    assert len(set(Report.objects.values_list("digest", flat=True))) == 2


# What it refuses


@pytest.mark.parametrize("words", ["", "   ", None, "x" * 4001, "\0"])
def test_an_empty_and_a_too_long_message_are_refused(send, words):
    refused(send(message=words), "message")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sender_name", "x" * 121),
        ("sender_email", "salma@example.org\nBcc: victim@example.org"),
        ("sender_email", "salma@example.org, victim@example.org"),
        ("sender_email", "Salma <salma@example.org>"),
        ("sender_email", "salma\0@example.org"),
        ("sender_email", "salma"),
    ],
)
def test_a_name_that_is_too_long_and_an_email_that_could_forge_a_header_are_refused(send, mailoutbox, field, value):
    refused(send(**{field: value}), field)
    assert not mailoutbox


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Salma\r\nBcc: victim@example.org", "Salma Bcc: victim@example.org"), ("Sal\0ma", "Salma")],
)
def test_a_name_is_kept_in_one_line_and_adds_nothing_to_the_head_of_the_letter(
    send, coordinator, mailoutbox, typed, kept
):
    coordinator.email = "coordinator@example.org"
    coordinator.save()
    assert send(sender_name=typed, message="La population\0 est fausse.").status_code == 302
    report = Report.objects.get()
    assert (report.sender_name, report.message) == (kept, "La population est fausse.")
    (letter,) = mailoutbox
    assert letter.recipients() == ["coordinator@example.org"]
    assert f" {kept}\n" in letter.body
    assert "victim" not in letter.message().as_string().partition("\n\n")[0]


@pytest.mark.parametrize("forged", [None, "", "form:1abcde:forged", "\0", "x" * 5000])
def test_a_missing_or_forged_token_is_refused_and_what_was_typed_is_kept(send, forged):
    response = send(token=forged, message="Une <phrase> longue")
    form = refused(response, "token")
    assert "Une &lt;phrase&gt; longue" in response.content.decode()
    assert form.next_token != forged


@pytest.mark.parametrize("age", [0, 1, 24 * 3600 + 5])
def test_a_token_too_young_or_too_old_is_refused_and_a_new_one_is_given(send, token_aged, age):
    old = token_aged(age)
    form = refused(send(token=old), "token")
    assert form.next_token != old or age == 0
    with pytest.raises(ValidationError):
        token.check(form.next_token)


def test_a_token_of_almost_a_day_still_holds(send, token_aged):
    assert send(token=token_aged(24 * 3600 - 60)).status_code == 302


def test_a_machine_that_fills_the_hidden_field_is_thanked_and_nothing_is_stored(send, mailoutbox):
    response = send(subject="Buy now")
    assert response["Location"].startswith(reverse("reports:thanks"))
    assert not Report.objects.exists()
    assert not mailoutbox


@pytest.mark.parametrize(
    "page",
    [
        "https://example.org/",
        "//example.org/",
        "///example.org/",
        "/\\example.org/",
        "\\\\example.org",
        "javascript:alert(1)",
        "fr/villes/",
        "",
        "/fr/\r\nBcc: x",
        "/fr/\0",
        "/" + "x" * 300,
    ],
)
def test_an_address_elsewhere_is_no_page_of_this_site(send, client, page):
    assert send(page).status_code == 404
    assert open_form(client, page).status_code == 404
    assert client.get(reverse("reports:thanks"), {"page": page}).status_code == 404
    assert not Report.objects.exists()


def test_the_database_holds_no_address_elsewhere_either(db):
    for page in ("https://example.org/", "//example.org/"):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.make_report(page=page)


def test_only_reading_and_sending_are_allowed(client, db):
    assert client.put(reverse("reports:report")).status_code == 405
    assert client.post(reverse("reports:thanks")).status_code == 405


# How often

REPORTS = 5


def test_the_sixth_report_of_an_hour_is_refused_in_our_look_and_keeps_what_was_typed(send, monkeypatch):
    for _number in range(REPORTS):
        assert send().status_code == 302
    response = send(message="Une phrase de trop")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert "Une phrase de trop" in response.content.decode()
    assert 'class="site-footer"' in response.content.decode()
    assert Report.objects.count() == REPORTS


def test_the_limit_ends_with_the_hour(send, token_aged, monkeypatch):
    for _number in range(REPORTS):
        send()
    form, now = token_aged(30), timezone.now()
    assert send(token=form).status_code == 429
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=1))
    assert send(token=form).status_code == 302


def test_the_limit_is_one_for_all_processes(send, client):
    """What a process has in its memory doesn't matter."""
    for _number in range(REPORTS):
        assert send().status_code == 302
        cache.clear()
    assert send().status_code == 429


@thorough
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vocabularies_after")
def test_of_many_at_the_same_moment_no_more_are_taken_than_the_limit():
    until = timezone.now() + timedelta(hours=1)

    def take(_number):
        try:
            return Quota.objects.take("key", REPORTS, until)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(20))) == REPORTS


def test_a_form_that_is_refused_counts_for_nothing(send):
    for _number in range(REPORTS + 2):
        send(message="")
    assert send().status_code == 302


@thorough
def test_the_limit_is_each_subscribers_own_and_its_key_says_no_address(send, client):
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1"):
        client.defaults["REMOTE_ADDR"] = address
        for _number in range(REPORTS):
            assert send().status_code == 302
        assert send().status_code == 429
    client.defaults["REMOTE_ADDR"] = "2001:db8::2"  # a neighbour in the same IPv6 network
    assert send().status_code == 429
    client.defaults["REMOTE_ADDR"] = "::ffff:192.0.2.3"
    assert send().status_code == 302
    assert not [quota.key for quota in Quota.objects.all() if "192.0" in quota.key or "2001" in quota.key]


@thorough
def test_who_has_a_large_network_has_no_limit_for_each_of_its_parts(send, client):
    answers = []
    for number in range(REPORTS):
        client.defaults["REMOTE_ADDR"] = f"2001:db8:1:{number}::1"
        answers += [send().status_code for _number in range(REPORTS)]
    assert answers.count(302) == 4 * REPORTS
    client.defaults["REMOTE_ADDR"] = "2001:db8:2::1"
    assert send().status_code == 302


@pytest.mark.parametrize(("language", "sentence"), [("fr", "à la fois"), ("ar", "من كل جهة"), ("en", "all sides")])
def test_the_site_takes_only_so_many_from_everywhere_together(send, client, settings, language, sentence):
    settings.LIMITS = settings.LIMITS | {"reports_in_all": (7, 3600)}
    for number in range(7):
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert send().status_code == 302
    client.defaults["REMOTE_ADDR"] = "192.0.2.99"
    response = send(language=language, message="Une phrase de trop")
    assert response.status_code == 429
    assert sentence in response.content.decode()
    assert "Une phrase de trop" in response.content.decode()
    assert Quota.objects.count() == 1 + 2 * 7  # a refused one leaves no row


def test_behind_a_proxy_the_visitors_own_address_counts_and_an_invented_one_does_not(send, settings):
    for number in range(REPORTS):
        send(headers={"x-forwarded-for": f"192.0.2.{number}"})
    assert send(headers={"x-forwarded-for": "192.0.2.9"}).status_code == 429
    settings.PROXIES = 1
    for number in range(REPORTS):
        assert send(headers={"x-forwarded-for": f"198.51.100.{number}, 192.0.2.1"}).status_code == 302
    assert send(headers={"x-forwarded-for": "203.0.113.1, 192.0.2.1"}).status_code == 429
    assert send(headers={"x-forwarded-for": "192.0.2.2"}).status_code == 302


# What it never does


def test_no_cookie_is_set_and_no_page_is_kept_by_a_cache(client, send, db):
    sent = send()
    for response in (client.get(reverse("reports:report")), sent, client.get(sent["Location"]), send(message="")):
        assert not response.cookies
    for name in ("reports:report", "reports:thanks"):
        assert "no-store" in client.get(reverse(name))["Cache-Control"]
        assert 'content="noindex"' in client.get(reverse(name)).content.decode()


def test_the_form_needs_no_csrf_cookie(send, client):
    client.handler.enforce_csrf_checks = True
    assert send().status_code == 302


def test_the_form_costs_few_queries(city, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        open_form(client, city.get_absolute_url())


def test_changing_the_language_keeps_the_page(city, client):
    html = open_form(client, city.get_absolute_url()).content.decode()
    kept = urlencode({"page": city.get_absolute_url()})
    with override("en"):
        assert f'href="{reverse("reports:report")}?{kept}"' in html
