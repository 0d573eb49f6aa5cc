"""The real public pages of an item as it would be once published, made from a state that is undone."""

import re
from collections import defaultdict
from io import BytesIO
from urllib.parse import unquote

from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve
from django.utils.translation import override

from learningcities.publishing.history.tracking import dry_run
from learningcities.publishing.patches.patch_display import gaps
from learningcities.publishing.version import content_version
from learningcities.text.translation import LANGUAGES

#: A link or form that leaves the preview: inside the desk's frame no other page of the site may open.
LEAVING = re.compile(r'<(a|form)(?=\s[^>]*\b(?:href|action)="(?:/|https?:))(?![^>]*\starget=)')


def pages_and_gaps(request, preview):
    """The pages {language: HTML} that a preview stores, and what is missing {language: [sentence]}."""
    pages, missing = {}, {}
    with dry_run():
        item = item_of(preview)
        for language in LANGUAGES:
            with override(language):
                missing[language] = gaps(item)
        show(item)
        for language in LANGUAGES:
            with override(language):
                pages[language] = page(request, item, preview)
    return pages, missing


def page_in(request, preview, language):
    """The page of a preview that isn't stored, in one language."""
    with dry_run():
        item = item_of(preview)
        show(item)
        with override(language):
            return page(request, item)


def item_of(preview):
    """The item as its change wants it: a row of its own, so that nothing of what is tried stays on the caller's."""
    item = type(preview.item)._base_manager.get(pk=preview.object_id)
    if preview.change:
        item.apply_patch(preview.change.patch, validate=False)
    return item


def show(item):
    """Make an item public from now on, complete or not, together with all that it needs."""
    keys = defaultdict(list)
    for row in hidden(item):
        keys[type(row)].append(row.pk)
    public = {"public_from": content_version.moment(), "public_until": None, "withdrawn_at": None, "binned_at": None}
    for model, pks in keys.items():
        model._base_manager.filter(pk__in=pks).update(**public)


def hidden(item):
    """What visitors don't see yet of an item, of its city, and of the photos that go public together with them."""
    if item.state != item.State.PUBLIC:
        yield item
    for name in item.public_through:
        yield from hidden(getattr(item, name))
    yield from (photo for photo in item.carried() if photo.state == photo.State.NEVER)


def page(request, item, preview=None):
    """The page that a visitor would get, with a word on what it is where it is stored as a preview."""
    visitors = visit(request, item.get_absolute_url())
    view, args, kwargs = visitors.resolver_match
    response = view(visitors, *args, **kwargs)
    response.context_data["preview"] = preview
    response.context_data["head"].indexed = False
    return LEAVING.sub(r'<\1 target="_blank"', response.render().content.decode())


def visit(request, path):
    """The request of an ordinary visitor for a page of this site: no cookie, no account."""
    visitors = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "QUERY_STRING": "",
            "HTTP_HOST": request.get_host(),
            "SERVER_NAME": request.META["SERVER_NAME"],
            "SERVER_PORT": request.META["SERVER_PORT"],
            "wsgi.url_scheme": request.scheme,
            "wsgi.input": BytesIO(),
        }
    )
    visitors.resolver_match = resolve(visitors.path_info)
    return visitors
