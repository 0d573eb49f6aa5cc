"""Figures for Prometheus. All processes of a machine count together (prometheus_client's own way, by files)."""

import time

from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from learningcities.publishing.items.item import item_kinds
from learningcities.publishing.models import Change
from learningcities.publishing.version.content_version import moment

from .models import QueuedMail
from .request_log import route_of

REQUESTS = Counter("site_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("site_request_seconds", "Time to answer a request", ["route"])
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


def measured(get_response):
    def middleware(request):
        begun = time.perf_counter()
        response = get_response(request)
        route = route_of(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, route, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - begun)
        return response

    return middleware


class Content:
    """What is asked of the database whenever the figures are read, and belongs to no process."""

    def collect(self):
        published = GaugeMetricFamily("site_published_items", "Items that visitors see", labels=["kind"])
        for model in item_kinds():
            published.add_metric([model._meta.label_lower], model.objects.published().count())
        yield published
        waiting = Change.objects.waiting().aggregate(number=Count("pk"), since=Min("created_at"))
        age = (moment() - waiting["since"]).total_seconds() if waiting["since"] else 0
        yield GaugeMetricFamily("site_open_reviews", "Changes that wait for a decision", waiting["number"])
        yield GaugeMetricFamily("site_oldest_review_seconds", "Age of the change that has waited longest", age)
        yield GaugeMetricFamily(
            "site_kept_letters", "Messages that mail didn't take yet", QueuedMail.objects.waiting().count()
        )
        refused = QueuedMail.objects.refused().count()
        yield GaugeMetricFamily("site_refused_letters", "Messages refused for good", refused)


def exposed():
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(Content())
    return generate_latest(registry)
