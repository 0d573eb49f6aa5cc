"""Links to other sites: which are tried, how, and what is said of them."""

import re
import socket
import threading
import time
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from cities.models import Recognition
from initiatives.models import Initiative
from learningcities.care.checker import Checker, Line, Refused, is_public, public_addresses
from learningcities.care.models import Link, Mention
from tests import factories


def check(**options):
    out = StringIO()
    call_command("check_links", stdout=out, **options)
    return out.getvalue()


def tried(web):
    return sorted({path for _method, path, _agent in web.asked})


def test_websites_sources_and_links_in_texts_of_public_items_are_tried(city, web):
    for path in ("/site", "/source", "/text", "/draft"):
        web.says(path)
    city.website = f"{web.address}/site"
    city.body_fr = f'<p><a href="{web.address}/text?a=1&amp;b=2#part">mot</a> <a href="mailto:a@b.test">x</a></p>'
    city.save()
    source = {"source_fr": "HCP", "source_url": f"{web.address}/source"}
    Recognition.objects.create(city=city, kind="other", title_fr="Titre", date="2020", **source)
    factories.make_initiative(city, public=False, website=f"{web.address}/draft")
    said = check()
    assert tried(web) == ["/site", "/source", "/text?a=1&b=2"]
    assert "3 of 3 links tried" in said
    assert all("learningcities-links" in agent and "+http" in agent for _m, _p, agent in web.asked)


def test_a_link_is_tried_once_a_week(city, web, days_later):
    factories.make_initiative(city, website=web.says("/site"))
    check()
    days_later(6)
    check()
    assert len(web.asked) == 1
    days_later(2)
    check()
    assert len(web.asked) == 2


def test_a_link_is_broken_when_it_fails_on_two_days_and_mended_by_one_success(city, web, days_later):
    factories.make_initiative(city, website=web.says("/site", 404))
    check()
    link = Link.objects.get()
    assert link.failing_since
    assert not Mention.objects.broken()
    days_later(8)
    assert "Broken links on public pages: 1" in check()
    assert [(one.status, one.reason) for one in link.checks.all()] == [(404, "gone")] * 2
    web.says("/site")
    days_later(8)
    check()
    assert not Mention.objects.broken()
    assert link.checks.count() == 3


def test_who_mends_the_page_is_not_shown_the_old_link_any_more(city, web, days_later):
    initiative = factories.make_initiative(city, website=web.says("/site", 500))
    check()
    days_later(8)
    check()
    assert Mention.objects.broken().get().item == initiative
    Initiative.objects.get().apply_patch({"website": [initiative.website, web.says("/new")]})
    assert not Mention.objects.broken()
    assert Mention.objects.get().link.address.endswith("/new")


def test_links_written_past_the_record_are_found_and_those_that_are_gone_are_left_alone(city, web):
    factories.make_many(city, [1], website=web.says("/bulk"))
    initiative = factories.make_initiative(city, website=web.says("/gone"))
    Mention.objects.all().delete()
    Initiative._base_manager.filter(pk=initiative.pk).update(website="")
    check()
    assert tried(web) == ["/bulk"]
    assert Link.objects.get().address.endswith("/bulk")


@pytest.mark.parametrize(
    ("head", "get", "reason"),
    [(405, 200, ""), (404, 200, ""), (200, 200, ""), (403, 403, ""), (410, 410, "gone"), (500, 502, "broken")],
)
def test_what_a_site_answers_is_understood(web, head, get, reason):
    outcome = Checker(lambda host, port: ["127.0.0.1"], pause=0).check(web.says("/page", get, head=head))
    assert outcome.reason == reason
    assert outcome.status == (head if head < 400 else get)


def test_redirects_are_followed_and_never_for_ever(web):
    web.says("/new")
    checker = Checker(lambda host, port: ["127.0.0.1"], pause=0)
    assert checker.check(web.says("/old", 301, "/new")).reason == ""
    assert checker.check(web.says("/round", 302, "/round")).reason == "loop"
    assert tried(web) == ["/new", "/old", "/round"]


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/", "http://2130706433/"),
        *("http://10.1.2.3/", "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/"),
        *("http://100.64.0.1/", "http://[fd00::1]/", "http://[fe80::1]/", "http://[::ffff:127.0.0.1]/"),
        *("http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/", "http://[ff0e::1]/"),
        *("http://[64:ff9b:1::808:808]/", "http://[::127.0.0.1]/", "http://[fec0::1]/", "http://[::ffff:8.8.8.8]/"),
        *("http://[::8.8.8.8]/", "http://[::ffff:0:8.8.8.8]/", "http://[2002:808:808::1]/", "http://[::]/"),
        *("http://[2001:0:7f00:1::1]/", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/", "http://[100::1]/"),
        *("http://100.127.255.255/", "http://192.0.0.8/", "http://198.19.0.1/", "http://240.0.0.1/"),
        *("http://255.255.255.255/", "http://192.88.99.1/", "http://0x7f.1/"),
        *("http://[2001:db8::1]/", "http://[3fff::1]/", "http://[5f00::1]/"),
    ],
)
def test_the_sites_own_network_is_never_entered(address, monkeypatch):
    monkeypatch.setattr("socket.create_connection", lambda *args: pytest.fail("connected"))
    assert Checker(pause=0).check(address).reason == "private"


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4007:80e::2004", "2606:4700::1", "64:ff9b::808:808"])
def test_what_is_open_to_everyone_is_followed(address):
    """The last one is an IPv4 address as a network without IPv4 knows it."""
    assert is_public(address)


def test_a_redirect_into_the_own_network_is_refused_and_not_asked(city, web):
    secret = web.says("/secret").replace("web.test", "127.0.0.1")
    factories.make_initiative(city, website=web.says("/door", 302, secret))
    check()
    assert tried(web) == ["/door"]
    assert Link.objects.get().reason == "private"


def test_a_host_is_asked_at_the_address_that_was_looked_at():
    """No second look-up, whose answer could be another one."""
    checker = Checker(lambda host, port: ["127.0.0.1"], timeout=0.2)
    with pytest.raises(Refused):
        checker.ask("HEAD", "http://never-looked-up.invalid:9/", Line())


def test_a_host_with_one_private_address_among_others_is_refused(monkeypatch):
    found = [(2, 1, 6, "", ("8.8.8.8", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **options: found)
    with pytest.raises(Refused):
        public_addresses("example.org", 80)
    assert is_public("8.8.8.8")


@pytest.mark.parametrize("address", ["ftp://example.org/", "http:///path", "http://example.org:port/", "javascript:1"])
def test_what_is_no_address_of_a_page_is_said_to_be_none(address):
    assert Checker(pause=0).check(address).reason == "wrong"


def test_each_site_is_left_in_peace_for_a_while(web, monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    checker = Checker(lambda host, port: ["127.0.0.1"], pause=2)
    checker.check(web.says("/one"))
    assert slept == []
    checker.check(web.says("/two"))
    assert len(slept) == 1
    assert 1 < slept[0] <= 2


#: What a site sends that lets its visitors wait, first and then again and again.
DRIPS = {
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-More: x\r\n"),
    "letters": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    "answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "nothing": (b"", b""),
}


@pytest.fixture
def dripping():
    """A server that never comes to an end, on a port of this machine."""
    ended = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve(first, again):
        with suppress(OSError):
            while not ended.is_set():
                visit, _address = server.accept()
                with visit, suppress(OSError):
                    visit.sendall(first)
                    for _ in range(200):  # long enough to be noticed, and no test hangs
                        if ended.wait(0.02):
                            break
                        visit.sendall(again)

    def start(kind):
        threads.append(threading.Thread(target=serve, args=DRIPS[kind], daemon=True))
        threads[-1].start()
        return server.getsockname()[1]

    threads = []
    yield start
    ended.set()
    with suppress(OSError):
        server.shutdown(socket.SHUT_RDWR)
    server.close()
    for thread in threads:
        thread.join(2)


@pytest.mark.parametrize(("scheme", "kind"), [*(("http", kind) for kind in DRIPS), ("https", "nothing")])
def test_a_site_that_never_comes_to_an_end_is_left_after_the_deadline(dripping, kind, scheme):
    checker = Checker(lambda host, port: ["127.0.0.1"], pause=0, timeout=5, deadline=0.3)
    begun = time.monotonic()
    assert checker.check(f"{scheme}://web.test:{dripping(kind)}/").reason == "silent"
    assert time.monotonic() - begun < 2


def test_a_name_that_takes_for_ever_to_be_looked_up_is_left_after_the_deadline():
    asked = threading.Event()
    checker = Checker(lambda host, port: asked.wait(5) or ["127.0.0.1"], pause=0, deadline=0.2)
    begun = time.monotonic()
    assert checker.check("http://web.test/").reason == "silent"
    assert time.monotonic() - begun < 2
    asked.set()


def test_a_run_ends_after_its_time_and_the_rest_comes_in_the_next_one(city, web):
    for number in range(3):
        factories.make_initiative(city, slug=f"i-{number}", website=web.says(f"/{number}"))
    assert "3 links are left for the next run" in check(minutes=-1)
    assert not web.asked
    assert "3 of 3 links tried" in check()


def test_a_machine_without_a_network_blames_nobody(city, monkeypatch):
    for number in range(3):
        factories.make_initiative(city, slug=f"i-{number}", website=f"https://site-{number}.example.org/")
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **options: (_ for _ in ()).throw(OSError()))
    with pytest.raises(CommandError, match="offline"):
        check()
    assert not Link.objects.filter(checked_at__isnull=False)


def test_an_editor_has_a_link_tried_again_at_once_but_not_again_and_again(city, as_editor, web, days_later):
    factories.make_initiative(city, website=web.says("/site", 404))
    check()
    days_later(1)
    link = Link.objects.get()
    address = reverse("admin:care_link_check", args=[link.pk])
    assert as_editor.get(address).status_code == 403
    web.says("/site")
    page = as_editor.post(address, follow=True).content.decode()
    assert "/site" in page
    link.refresh_from_db()
    assert link.failing_since is None
    asked = len(web.asked)
    as_editor.post(address)
    assert len(web.asked) == asked


def test_another_citys_link_is_neither_seen_nor_tried(other_city, as_editor, as_coordinator, web):
    factories.make_initiative(other_city, website=web.says("/site"))
    link = Link.objects.get()
    assert as_editor.post(reverse("admin:care_link_check", args=[link.pk])).status_code == 404
    assert web.asked == []
    assert "/site" in as_coordinator.get(reverse("admin:care_link_change", args=[link.pk])).content.decode()


def test_the_sites_own_pages_are_no_links_to_other_sites(city, settings):
    factories.make_initiative(city, website=f"{settings.SITE_ADDRESS}/fr/")
    assert not Link.objects.exists()


@pytest.mark.parametrize("page", ["/admin/", "/admin/care/link/"])
def test_the_desk_and_the_list_say_whether_links_lead_anywhere(city, web, days_later, as_editor, page):
    def words():
        return " ".join(re.sub(r"<[^>]+>", " ", as_editor.get(page).content.decode()).split())

    assert "Aucun lien vers un autre site n’est encore écrit." in words()
    factories.make_initiative(city, slug="a", website=web.says("/a"))
    assert "1 lien, encore jamais vérifié." in words()
    check()
    assert "1 lien vérifié : il répond." in words()
    factories.make_initiative(city, slug="b", website=web.says("/b"))
    factories.make_initiative(city, slug="c", website=web.says("/c", 404))
    check()
    assert "2 liens répondent. 1 lien ne répond pas." in words()
    factories.make_initiative(city, slug="d", website=web.says("/d"))
    assert "1 lien encore jamais vérifié." in words()
