"""Figures for Prometheus. All processes of a machine count together (prometheus_client's own way, by files)."""

import time

from django.apps import apps
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from learningcities.publishing.clock import moment
from learningcities.publishing.models import Change, Item

from .models import Letter
from .requests import route_of

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


def exposed():
    counted = CollectorRegistry()
    MultiProcessCollector(counted)
    content = CollectorRegistry()
    published = Gauge("site_published_items", "Items that visitors see", ["kind"], registry=content)
    for model in apps.get_models():
        if issubclass(model, Item):
            published.labels(model._meta.label_lower).set(model.objects.published().count())
    waiting = Change.objects.waiting().order_by("created_at").values_list("created_at", flat=True)
    Gauge("site_open_reviews", "Changes that wait for a decision", registry=content).set(len(waiting))
    age = Gauge("site_oldest_review_seconds", "Age of the change that has waited longest", registry=content)
    age.set((moment() - waiting[0]).total_seconds() if waiting else 0)
    Gauge("site_kept_letters", "Messages that the mail server didn't take yet", registry=content).set(
        Letter.objects.count()
    )
    return generate_latest(counted) + generate_latest(content)
