"""What is demanded of a login is asked at every page of the admin, whatever its address looks like."""

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from learningcities.desk.site import MovedView
from tests.conftest import logged_in
from tests.operations.helpers import Server, Site

#: What someone who still lacks a second factor gets below /admin/, by the beginning of its name.
WAY = ("account_", "mfa_", "usersessions_", "password_reset_", "admin_password_reset", "invitation")
#: Three that Django does not wrap: the language, logging in and out.
WAY += ("admin:set_language", "admin:login", "admin:logout")


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def below(resolver, space=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from below(entry, f"{entry.namespace}:" if entry.namespace else space)
        else:
            yield f"{space}{entry.name}", entry


def admin_views():
    for entry in get_resolver().url_patterns:
        if str(entry.pattern) == "admin/":
            yield from below(entry, f"{entry.namespace}:" if entry.namespace else "")


@pytest.mark.parametrize("script_name", ["", "/x", "//evil.example"])
def test_no_name_of_a_script_leads_past_the_second_factor(demanded, coordinator, script_name):
    client = logged_in(coordinator)
    for name in ("admin:index", "admin:cities_city_changelist", "admin:jsi18n", "admin:autocomplete"):
        answer = client.get(reverse(name), SCRIPT_NAME=script_name)
        assert (answer.status_code, answer["Location"]) == (302, "/admin/account/"), name


def test_every_view_of_the_admin_asks_for_the_second_factor(demanded, coordinator, rf):
    views = 0
    for name, entry in admin_views():
        request = rf.get("/somewhere/else/")
        request.user = coordinator
        # An earlier address only leads on, whoever asks.
        if not name.startswith(WAY) and getattr(entry.callback, "view_class", None) is not MovedView:
            answer = entry.callback(request, **dict.fromkeys(entry.pattern.regex.groupindex, "1"))
            assert (answer.status_code, answer["Location"]) == (302, "/admin/account/"), name
            views += 1
    assert views > 100


def test_who_has_no_second_factor_has_no_right_in_the_admin_but_the_way_to_one(demanded, coordinator, editor, rf):
    from django.contrib import admin

    for person, may in ((coordinator, False), (editor, True)):
        request = rf.get("/")
        request.user = person
        assert admin.site.has_permission(request) is may
    client = logged_in(coordinator)
    page = client.get("/admin/account/")
    assert page.status_code == 200
    assert 'action="/admin/logout/"' in page.content.decode(), "the way out is there"
    assert client.get("/admin/account/sessions/").status_code == 200


def test_links_of_a_page_begin_at_the_top_of_the_host(db):
    for script_name in ("/x", "//evil.example"):
        html = Client().get("/fr/", SCRIPT_NAME=script_name).content.decode()
        assert 'href="/fr/villes/' in html
        assert script_name + "/" not in html


def test_the_server_believes_no_header_about_the_beginning_of_addresses(tmp_path):
    with Server(Site(tmp_path), options=("-c", "deploy/gunicorn.conf.py")) as server:
        for header in ("SCRIPT_NAME", "Script-Name", "Script_Name"):
            assert "alive" not in server.ask("GET", "/x/healthz", raw={header: "/x"})[2], header
