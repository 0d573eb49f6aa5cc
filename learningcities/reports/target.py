"""What a report is about: an address of this site, and what visitors see there."""

import re
from typing import NamedTuple

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import get_language_from_path, gettext, override

from learningcities.listing.views import FilteredListView, PublishedDetailView
from learningcities.publishing.models import Item

CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Target(NamedTuple):
    path: str
    title: str
    item: Item | None = None


def is_local(path):
    """Whether this is an address on this site, and can't be read as one elsewhere."""
    local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return local and len(path) <= 300 and not CONTROL.search(path)


def find(path):
    """What visitors see at a path of this site; of what isn't public, nothing but the path is said."""
    if path == reverse("home"):
        return Target(path, gettext("Home page"))
    match = match_of(path)
    view = getattr(match and match.func, "view_class", object)
    if issubclass(view, PublishedDetailView):
        item = view.model.objects.published().filter(slug=match.kwargs["slug"]).first()
        return Target(path, str(item), item) if item else Target(path, path)
    if issubclass(view, FilteredListView):
        return Target(path, capfirst(view.model._meta.verbose_name_plural))
    return Target(path, path)


def match_of(path):
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            return resolve(path.partition("?")[0])
        except Resolver404:
            return None
