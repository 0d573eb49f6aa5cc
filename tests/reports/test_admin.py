"""Reports at the desk: whose they are, what may be done with them, what they cost."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from learningcities.publishing.version.content_version import moment
from learningcities.reports.models import Report
from tests import factories
from tests.conftest import logged_in, make_person, thorough

LIST = reverse("admin:reports_report_changelist")

pytestmark = pytest.mark.django_db


def form(report):
    return reverse("admin:reports_report_change", args=[report.pk])


def listed(client, **parameters):
    return set(client.get(LIST, parameters).context["cl"].queryset)


@pytest.fixture
def own(city):
    return factories.make_report(factories.make_initiative(city), message="Au sujet de l’initiative")


@pytest.fixture
def other(other_city):
    return factories.make_report(other_city, message="Au sujet de l’autre ville")


@pytest.fixture
def of_the_site(db):
    return factories.make_report()


@thorough
def test_an_editor_sees_the_reports_on_their_own_city_only(own, other, of_the_site, as_editor):
    assert listed(as_editor) == {own}
    assert as_editor.get(form(own)).status_code == 200
    for report in (other, of_the_site):
        assert as_editor.get(form(report)).status_code == 302
        assert as_editor.post(form(report), {"answer": "x", "_done": "yes"}).status_code == 302
        as_editor.post(LIST, {"action": "close_selected", "_selected_action": [report.pk]})
        report.refresh_from_db()
        assert (report.answer, report.is_open) == ("", True)


@thorough
def test_rights_follow_the_citys_present_editors(own, city, editor, as_editor):
    successor = make_person("successor")
    client = logged_in(successor)
    assert (listed(as_editor), listed(client)) == ({own}, set())
    city.editors.set([successor])
    assert (listed(as_editor), listed(client)) == (set(), {own})
    assert as_editor.get(form(own)).status_code == 302
    assert client.get(form(own)).status_code == 200


def test_an_initiative_that_moves_takes_its_reports_along(own, other_city, as_editor):
    initiative = own.item
    initiative.city = other_city
    initiative.save()
    assert listed(as_editor) == set()


def test_a_coordinator_sees_all(own, other, of_the_site, as_coordinator):
    assert listed(as_coordinator) == {own, other, of_the_site}
    assert listed(as_coordinator, state__exact="done") == set()
    html = as_coordinator.get(form(own)).content.decode()
    assert own.page in html
    assert reverse("admin:initiatives_initiative_change", args=[own.object_id]) in html


@pytest.mark.parametrize("who", ["as_editor", "as_coordinator"])
def test_nobody_adds_or_deletes_a_report(own, request, who):
    client = request.getfixturevalue(who)
    assert client.post(reverse("admin:reports_report_add"), {"message": "x", "page": "/"}).status_code == 403
    assert client.post(reverse("admin:reports_report_delete", args=[own.pk]), {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [own.pk], "post": "yes"})
    assert list(Report.objects.all()) == [own]


def test_what_the_visitor_wrote_is_changed_by_nobody(own, as_coordinator, coordinator):
    forged = {"message": "faux", "page": "//x", "title": "faux", "state": "done", "closed_by": coordinator.pk}
    as_coordinator.post(form(own), forged | {"answer": "Vérifié", "_save": "x"})
    own.refresh_from_db()
    assert (own.message, own.answer, own.is_open) == ("Au sujet de l’initiative", "Vérifié", True)
    assert own.page.startswith("/fr/initiatives/")


@thorough
def test_done_closes_a_report_and_forgets_its_sender(own, editor, as_editor):
    Report.objects.update(sender_name="Salma", sender_email="salma@example.org")
    html = as_editor.get(form(own)).content.decode()
    assert "salma@example.org" in html
    as_editor.post(form(own), {"answer": "Corrigé", "_done": "yes"})
    own.refresh_from_db()
    assert (own.state, own.closed_by, own.answer) == ("done", editor, "Corrigé")
    assert own.closed_at
    assert (own.sender_name, own.sender_email) == ("", "")
    assert "salma" not in as_editor.get(form(own)).content.decode()
    assert 'name="_done"' not in as_editor.get(form(own)).content.decode()


@pytest.mark.parametrize("way", ["the list", "the next report"])
def test_the_sender_of_a_report_that_nobody_closes_is_forgotten_in_time(own, other, way, as_coordinator, send):
    Report.objects.update(sender_name="Salma", sender_email="salma@example.org")
    for report, days in ((own, 366), (other, 364)):
        Report.objects.filter(pk=report.pk).update(created_at=moment() - timedelta(days=days))
    if way == "the list":
        as_coordinator.get(LIST)
    else:
        send()
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.sender_name, own.sender_email, own.is_open) == ("", "", True)
    assert (other.sender_name, other.sender_email) == ("Salma", "salma@example.org")
    assert "salma@example.org" not in as_coordinator.get(form(own)).content.decode()


def test_a_visitor_who_asks_for_the_form_changes_nothing(own, client):
    Report.objects.update(sender_name="Salma", created_at=moment() - timedelta(days=400))
    client.get(reverse("reports:report"))
    assert Report.objects.get().sender_name == "Salma"


def test_several_reports_are_closed_from_the_list(own, other, as_coordinator, coordinator):
    data = {"action": "close_selected", "_selected_action": [own.pk, other.pk]}
    as_coordinator.post(LIST, data)
    assert set(Report.objects.values_list("state", "closed_by")) == {("done", coordinator.pk)}


def test_the_database_keeps_no_sender_of_a_closed_report(own, coordinator):
    own.close(coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(sender_email="salma@example.org")


def test_the_list_shows_what_could_not_be_mailed(own, other, as_coordinator):
    Report.objects.filter(pk=own.pk).update(mailed_at=own.created_at)
    html = as_coordinator.get(LIST).content.decode()
    assert (html.count("icon-yes"), html.count("icon-no")) == (1, 1)


def test_words_of_a_visitor_are_shown_as_text(own, as_editor):
    Report.objects.update(message="<script>x</script>", sender_name="<b>", sender_email="a@example.org")
    for address in (LIST, form(own)):
        html = as_editor.get(address).content.decode()
        assert "<script>x" not in html
        assert "&lt;script&gt;x" in html


@thorough
def test_the_first_page_says_how_many_reports_are_open(own, other, as_editor, as_coordinator):
    def on_the_desk(client):
        groups = client.get(reverse("admin:index")).context["groups"]
        return [group.number for group in groups if group.address == f"{LIST}?state__exact=new"]

    assert on_the_desk(as_editor) == [1]
    assert on_the_desk(as_coordinator) == [2]
    for report in (own, other):
        report.close(None)
    assert on_the_desk(as_editor) == on_the_desk(as_coordinator) == []


@pytest.mark.parametrize("who", ["as_editor", "as_coordinator"])
def test_the_list_costs_the_same_with_2_reports_and_with_20(own, city, request, who):
    client = request.getfixturevalue(who)
    factories.make_report(city)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _number in range(18):
        factories.make_report(city)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(LIST).context["cl"].result_list) == 20
    assert len(many) == len(few) <= 11
