"""Every list of the admin leaves as a file: what it shows to whoever asks, to be read."""

import csv
import io
from datetime import datetime

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from openpyxl import load_workbook

from initiatives.models import Initiative
from learningcities import bounds
from learningcities.care.models import Link
from learningcities.people.models import AuditEntry, User
from learningcities.publishing.models import Batch, Change, Comment, PageLock
from learningcities.reports.models import Report
from tests import factories
from tests.conftest import logged_in, make_person, thorough

from .helpers import exported

PEOPLE, REPORTS, LINKS = "/admin/people/user/", "/admin/reports/report/", "/admin/care/link/"
CHANGES, BATCHES, BOARD = "/admin/publishing/change/", "/admin/publishing/batch/", "/admin/publishing/translations/"
AUDIT = "/admin/people/auditentry/"
COMMENTS, LOCKS = (f"/admin/publishing/{name}/" for name in ("comment", "pagelock"))
READ_ONLY = [PEOPLE, REPORTS, LINKS, CHANGES, BATCHES, BOARD, COMMENTS, LOCKS, AUDIT]


@pytest.fixture
def as_superuser(superuser):
    """Who sees every list: the security log is of superusers only."""
    return logged_in(superuser)


def lists():
    """The addresses of all lists that are registered, whatever they are of."""
    for model in admin.site._registry:
        try:
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        except NoReverseMatch:
            continue


def grid(client, address):
    sheet = load_workbook(io.BytesIO(exported(client, address))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def separated(client, address, query=""):
    text = exported(client, address, "csv", query).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def fill(city, start, stop):
    """As many rows of each list that has no form of import."""
    author = make_person(f"author-{start}")
    for number in range(start, stop):
        initiative = factories.make_initiative(city, f"n-{number}", website=f"https://example.org/{number}")
        factories.make_report(initiative)
        AuditEntry.record(AuditEntry.Kind.LOGIN, make_person(f"person-{number}"), by=author)
        batch = Batch.objects.create(author=author, name=f"{number}.csv", content_type=of(Initiative))
        Change.propose(initiative, author, {"title_fr": [initiative.title_fr, "Neu"]})
        Change.objects.filter(object_id=initiative.pk, content_type=of(Initiative)).update(batch=batch)
        Comment.write(initiative, author, "À revoir")
        PageLock.acquire(initiative, author)


def of(model):
    return ContentType.objects.get_for_model(model)


def test_every_list_that_is_registered_leaves_in_both_formats_and_has_the_buttons(as_superuser, city):
    pages = list(lists())
    assert {*READ_ONLY, "/admin/cities/photo/", "/admin/cities/document/", "/admin/search/synonym/"} <= {*pages}
    for address in pages:
        page = as_superuser.get(address).content.decode()
        for kind, mark in (("xlsx", b"PK"), ("csv", "\ufeff".encode())):
            assert exported(as_superuser, address, kind).startswith(mark), address
            assert f'href="{address}export/{kind}/' in page
        assert as_superuser.get(f"{address}export/pdf/").status_code == 404


def test_the_file_of_people_holds_the_columns_of_the_list_and_no_password(as_coordinator, coordinator, superuser):
    make_person("amina", first_name="Amina", is_active=False)
    heading, *rows = grid(as_coordinator, PEOPLE)
    assert heading[1:4] == ["Prénom", "Nom", "Adresse électronique"]
    assert len(heading) == 7
    by_name = {row[0]: row for row in rows}
    assert by_name["amina"][1] == "Amina"
    assert by_name["amina"][5] == "non"
    assert by_name["coordinator"][5] == "oui"
    assert by_name["coordinator"][4] == coordinator.get_role_display()
    assert "superuser" not in by_name
    for kind in ("xlsx", "csv"):
        content = exported(as_coordinator, PEOPLE, kind)
        assert coordinator.password.encode() not in content
    assert not [cell for row in rows for cell in row if cell and "$" in str(cell)]


def test_who_may_not_see_the_list_of_people_gets_no_file_of_it(as_editor, client):
    for kind in ("xlsx", "csv"):
        assert as_editor.get(f"{PEOPLE}export/{kind}/").status_code == 403
        assert client.get(f"{PEOPLE}export/{kind}/").status_code == 302


def test_the_file_holds_the_list_as_it_is_filtered_searched_and_scoped(as_editor, as_coordinator, city, other_city):
    mine = factories.make_report(factories.make_initiative(city, "mine"), message="Lien mort")
    factories.make_report(factories.make_initiative(city, "mine-too"), message="Autre chose")
    factories.make_report(factories.make_initiative(other_city, "theirs"), message="Lien mort ailleurs")
    assert len(separated(as_coordinator, REPORTS)) == 4
    assert len(separated(as_editor, REPORTS)) == 3
    assert len(separated(as_editor, REPORTS, "?q=mort")) == 2
    mine.close(make_person("closer"))
    assert len(separated(as_editor, REPORTS, "?state__exact=new")) == 2
    assert "ailleurs" not in str(separated(as_editor, REPORTS))


def test_moments_are_moments_and_words_are_without_markup(as_coordinator, city):
    report = factories.make_report(factories.make_initiative(city), message="Une <b>faute</b> & plus")
    heading, row = grid(as_coordinator, REPORTS)
    cells = dict(zip(heading, row, strict=True))
    assert "Une <b>faute</b> & plus" in cells.values()
    assert [value for value in row if isinstance(value, datetime)]
    assert report.get_state_display() in row
    assert "non" in row
    board = separated(as_coordinator, BOARD)
    assert "Ville à soi" in str(board)
    assert str(board).count("English") == 1, "a language is named by its column"
    assert not [cell for row in board for cell in row if "<" in cell or "/admin/" in cell]


def test_the_file_speaks_the_language_of_its_reader(as_coordinator, coordinator):
    as_coordinator.cookies["django_language"] = "ar"
    book = load_workbook(io.BytesIO(exported(as_coordinator, PEOPLE)))
    assert book.active.sheet_view.rightToLeft
    assert "نعم" in [cell.value for cell in book.active[2]]


def test_no_program_takes_a_word_of_a_visitor_for_a_formula(as_coordinator, city):
    initiative = factories.make_initiative(city)
    for sign in "=+-@":
        factories.make_report(initiative, message=f"{sign}HYPERLINK(1)")
    sheet = load_workbook(io.BytesIO(exported(as_coordinator, REPORTS))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells if cell.data_type == "s"]
    assert not [cell for cell in cells if cell.data_type == "f"]
    cells = [cell for row in separated(as_coordinator, REPORTS) for cell in row if "HYPERLINK" in cell]
    assert sorted(cells) == sorted(f"'{sign}HYPERLINK(1)" for sign in "=+-@")


def test_more_rows_than_a_file_holds_are_refused_with_a_sentence(as_coordinator, city, monkeypatch):
    monkeypatch.setattr(bounds, "SHEET_ROWS", 1)
    make_person("second")
    assert len(separated(as_coordinator, PEOPLE, "?role__exact=editor&o=1")) == 2
    response = as_coordinator.get(f"{PEOPLE}export/csv/?is_active__exact=1", follow=True)
    assert response.redirect_chain == [(f"{PEOPLE}?is_active__exact=1", 302)]
    assert "1" in str(next(iter(response.context["messages"])))


def test_a_question_that_can_not_be_answered_leads_back_to_the_list(as_coordinator):
    response = as_coordinator.get(f"{PEOPLE}export/csv/?is_active__exact=maybe")
    assert (response.status_code, response["Location"]) == (302, f"{PEOPLE}?is_active__exact=maybe")


@thorough
def test_a_file_costs_the_same_with_3_rows_and_12(city, as_superuser):
    def cost(address):
        exported(as_superuser, address, "csv")
        with CaptureQueriesContext(connection) as counted:
            size = len(separated(as_superuser, address))
        return size, len(counted)

    fill(city, 0, 3)
    few = {address: cost(address) for address in READ_ONLY}
    fill(city, 3, 12)
    many = {address: cost(address) for address in READ_ONLY}
    for address in READ_ONLY:
        assert many[address][0] >= few[address][0] + 9, address
        assert many[address][1] == few[address][1], address


def test_the_models_of_these_lists_are_those_without_a_form_of_import():
    """So that READ_ONLY, whose cost is looked at, forgets none."""
    without = [model for model, model_admin in admin.site._registry.items() if not hasattr(model_admin, "import_view")]
    assert {*without} >= {User, Report, Link, Change, Batch}
    addresses = {reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in without}
    assert addresses == {*READ_ONLY}
