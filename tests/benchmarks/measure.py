"""Measure one database, as a process of its own: `python -m tests.benchmarks.measure ROWS`; writes JSON.

The requests go through the real WSGI handler with all middleware, inside this process: no socket, no second worker.
"""

import json
import os
import sys
from functools import partial
from statistics import median
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learningcities.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils.translation import activate  # noqa: E402

from cities.filters import CityFilter  # noqa: E402
from cities.models import City  # noqa: E402
from initiatives.filters import InitiativeFilter  # noqa: E402
from initiatives.models import Initiative  # noqa: E402
from learningcities.publishing.version.content_version import ContentVersion, one_version  # noqa: E402

from .plain import PlainFilter  # noqa: E402

#: A line is measured so often, or for so many seconds if that is shorter, but never less than three times;
#: each time beside so many of the least requests, since what else the machine does slows both down alike.
TIMES, SECONDS, LEAST, BESIDE = 25, 5, 3, 50
FILTER = "theme=literacy&audience=women"
#: One page of each type that nobody has asked for, and what is asked before, so that its sets are there.
FIRST_ASKED = ("/fr/initiatives/?year=1999", "/fr/villes/?theme=literacy", "/fr/recherche/?q=atelier")
THEN = (
    "/fr/",
    "/fr/initiatives/",
    f"/fr/initiatives/?{FILTER}&page=2",
    "/fr/initiatives/?q=ecole",
    "/fr/initiatives/?view=map",
    "/fr/villes/",
    "/fr/villes/?view=map",
    "/fr/recherche/?q=ecole",
    "/fr/recherche/?q=eccole",
    "/fr/donnees/",
    "/fr/villes/benguerir/",
)
#: What is written anew for each who asks.
STREAMS = ("/fr/initiatives/?format=atom", "/sitemap.xml")


def prepare(rows):
    """The content: the starting content and invented cities and initiatives, made once for each database."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    if Initiative.objects.count() < rows:
        call_command("make_samples", cities=cities_for(rows), initiatives=rows, stdout=sys.stderr)
    if connection.vendor == "postgresql":
        # What the server does by itself a minute later.
        connection.cursor().execute("VACUUM ANALYZE")
    if not settings.STATIC_ROOT.exists():
        call_command("collectstatic", interactive=False, verbosity=0)


def cities_for(rows):
    """A larger network has more cities."""
    return max(60, rows // 200)


def lines(rows, page):
    """What is measured: (name, something to call)."""
    later = rows // 24
    city, initiative = City.objects.published().first(), Initiative.objects.published().last()
    yield "home", page("/fr/")
    yield "a city", page(city.get_absolute_url())
    yield "an initiative", page(initiative.get_absolute_url())
    yield "news feed", page("/fr/initiatives/?format=atom")
    yield "sitemap, or its index", page("/sitemap.xml")
    yield "initiatives, with all counts", page("/fr/initiatives/")
    yield "the same by plain ORM counts", page("/plain/")
    yield "initiatives, two groups", page(f"/fr/initiatives/?{FILTER}")
    yield "the same by plain ORM counts", page(f"/plain/?{FILTER}")
    yield "initiatives, page in the middle", page(f"/fr/initiatives/?page={later}")
    yield "the same, by title", page(f"/fr/initiatives/?sort=title&page={later}")
    yield "cities, with all counts", page("/fr/villes/")
    yield "cities, of a theme", page("/fr/villes/?theme=literacy")
    yield "initiatives, a rare word", page(f"/fr/initiatives/?q={rows - 1}")
    yield "initiatives, a frequent word", page("/fr/initiatives/?q=ecole")
    yield "initiatives, two words", page("/fr/initiatives/?q=atelier+femmes")
    yield "search everything, a rare word", page(f"/fr/recherche/?q={rows - 1}")
    yield "search everything, a frequent word", page("/fr/recherche/?q=ecole")
    yield "proposals while typing", page("/fr/recherche/propositions/?q=ate")
    yield "counts alone, initiatives", counts(InitiativeFilter, Initiative)
    yield "counts alone by plain ORM", counts(PlainFilter, Initiative)
    yield "counts alone, two groups", counts(InitiativeFilter, Initiative, FILTER)
    yield "counts alone, cities of a theme", counts(CityFilter, City, "theme=literacy")
    yield "making the index after a change", after_a_change(counts(InitiativeFilter, Initiative))
    yield "first list after a change", after_a_change(page("/fr/initiatives/"))


def request(application, address, cookie="a=b"):
    """A request that must be answered with 200, through the WSGI handler; with a cookie by no cached page."""

    def ask():
        answered = []
        asked = RequestFactory().get(address, HTTP_COOKIE=cookie).environ
        response = application(asked, lambda status, headers: answered.append(status))
        size = sum(map(len, response))
        response.close()
        if answered != ["200 OK"] or not size:
            raise SystemExit(f"{address} was answered with {answered}.")

    return ask


def counts(filterset_class, model, query=""):
    """The answer and every choice with its count, without a page around them."""

    def ask():
        filterset = filterset_class(QueryDict(query), model.objects.published())
        return len(filterset.answer), [question.filters for question in filterset.questions]

    # As in a request, where the clock is read once.
    return partial(one_version(lambda request: ask()), None)


def queries(page):
    """The most queries of any type of page, beside what is asked for: (name, number, target, better)."""
    pages = [*THEN, Initiative.objects.published().last().get_absolute_url()]
    yield "queries, made anew", max(queries_of(page, one, FIRST_ASKED) for one in pages), 12, None
    yield "queries, right after a publication", max(queries_of(page, one) for one in pages), None, None
    yield "queries, cached page", max(queries_of(page, one, [one], cookie="") for one in pages), 1, None
    yield "queries, news feed or sitemap", max(queries_of(page, one, [one]) for one in STREAMS), 12, None


def queries_of(page, address, before=(), cookie="a=b"):
    """The queries of a page after a change and what was asked since."""
    ContentVersion.bump()
    for one in before:
        page(one, cookie)()
    with CaptureQueriesContext(connection) as captured:
        page(address, cookie)()
    return len(captured)


def after_a_change(ask):
    def change_and_ask():
        ContentVersion.bump()
        ask()

    return change_and_ask


def measured(ask, hello):
    """The medians of a call in milliseconds and in requests of the least view; the first two calls are warm-up."""
    ask(), ask(), hello()
    took, beside, end = [], [], perf_counter() + SECONDS
    while len(took) < LEAST or (len(took) < TIMES and perf_counter() < end):
        took.append(seconds(ask))
        beside.append(seconds(lambda: [hello() for _ in range(BESIDE)]) / BESIDE)
    return median(took) * 1000, median(took) / median(beside)


def seconds(ask):
    start = perf_counter()
    ask()
    return perf_counter() - start


def main(rows):
    prepare(rows)
    settings.ROOT_URLCONF = "tests.benchmarks.urls"
    # The middleware reads the folder of static files, which is only there now.
    page = partial(request, get_wsgi_application())
    activate("fr")
    found = []
    for name, ask in lines(rows, page):
        milliseconds, hellos = measured(ask, page("/hello/"))
        found.append((name, milliseconds, hellos))
        sys.stderr.write(f"  {milliseconds:9.1f} ms  {hellos:8.0f} hello-worlds  {name}\n")
    json.dump({"times": found, "queries": list(queries(page))}, sys.stdout)


main(int(sys.argv[1]))
