"""Public pages, cached whole and compressed for as long as the content is what they were made of.

A page is named by all that it follows from: the code, the version of the content, and the address. So a visitor who
has it is told so without looking, and a cached page is never old: when anything public changes, its name does.
"""

import gzip
import hashlib
from functools import cache, lru_cache, partial
from typing import NamedTuple
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path

from learningcities import bounds

from . import content_version
from .version_cache import BoundedCache, cached

#: What a cached page weighs beside its bytes.
OVERHEAD = 1500
#: How a page is written and read again in each encoding, the smallest first.
ENCODINGS = {
    "br": (partial(brotli.compress, quality=5), brotli.decompress),
    "gzip": (partial(gzip.compress, compresslevel=6, mtime=0), gzip.decompress),
    "identity": (bytes, bytes),
}
#: Where every answer is made for who asks.
OTHER = ("/admin/", "/preview/")
#: What an answer that is cached may depend on, besides its address.
KNOWN_VARIATIONS = {"accept-encoding"}
#: What the release is made of: code, words and looks, and the settings that pages show.
FOLDERS = ("learningcities", "cities", "initiatives", "templates", "static")
KINDS = {".py", ".html", ".mo", ".css", ".js", ".svg", ".json"}
SETTINGS = ("TIME_ZONE", "LANGUAGES", "MAP_TILE_URL", "MAP_TILE_ATTRIBUTION", "PRODUCTION")


def page_cache(get_response):
    """Middleware, first of those that know of content."""

    def middleware(request):
        if not is_public(request):
            return get_response(request)
        try:
            timeline = content_version.ContentVersion.apply_due_and_read()
            version = content_version.ContentVersion.current()
        except DatabaseError:
            return get_response(request)  # It fails there, where a sentence is found for it.
        if not version.stamp:
            return get_response(request)
        key, encoding = key_of(request), encoding_for(request)
        page = cached_page(key, encoding)
        name = page.name if page else name_of(version, key, request)
        if name in request.META.get("HTTP_IF_NONE_MATCH", ""):
            response = named(HttpResponseNotModified(), request, name)
        elif page:
            response = page.answer(request.method)
        else:
            response = get_response(request)
            if not is_shareable(response):
                return response
            named(response, request, name)
            if is_cacheable(request, response):
                response = (
                    cached_pages().store((key, encoding), Page.of(response, name, encoding)).answer(request.method)
                )
        seconds = int(min(bounds.SHARED_CACHE_SECONDS, timeline.lasts(content_version.moment())))
        response.headers["Cache-Control"] = f"public, max-age=0, must-revalidate, s-maxage={seconds}"
        return response

    return middleware


class Page(NamedTuple):
    """An answer that serves everyone, in one encoding."""

    name: str
    encoding: str
    headers: dict
    body: bytes

    @classmethod
    def of(cls, response, name, encoding):
        return cls(name, "identity", dict(response.items()), response.content).encoded(encoding)

    def encoded(self, encoding):
        """The same for a browser that understands another encoding."""
        plain = ENCODINGS[self.encoding][1](self.body)
        body = ENCODINGS[encoding][0](plain)
        headers = self.headers | {"Content-Length": str(len(body)), "Content-Encoding": encoding}
        if encoding == "identity":
            del headers["Content-Encoding"]
        return Page(self.name, encoding, headers, body)

    def answer(self, method):
        return HttpResponse(self.body if method == "GET" else b"", headers=self.headers)


def weight(page):
    return OVERHEAD + len(page.body)


def cached_pages():
    """The pages of the version, by their key and encoding."""
    return cached("pages", lambda moment: BoundedCache(bounds.CACHED_PAGE_BYTES, weight))


def cached_page(key, encoding):
    """The page in the encoding that is asked for, made of another in which it is cached; or None."""
    pages = cached_pages()
    if page := pages.get((key, encoding)):
        return page
    page = next((page for other in ENCODINGS if (page := pages.get((key, other)))), None)
    return page and pages.store((key, encoding), page.encoded(encoding))


def is_public(request):
    """Whether what is asked for is the same for everyone, whoever asks."""
    headers = request.META
    return (
        request.method in ("GET", "HEAD")
        and not headers.get("HTTP_COOKIE")
        and not headers.get("HTTP_AUTHORIZATION")
        and request.path_info != "/"  # which leads on
        and not request.path_info.startswith((*OTHER, *files()))
        # What a transaction sees may be undone.
        and not connection.in_atomic_block
    )


@cache
def files():
    return tuple(urlsplit(address).path for address in (settings.STATIC_URL, settings.MEDIA_URL))


def key_of(request):
    """All of a request that an answer follows from."""
    return request.scheme, request.get_host(), request.path, request.META.get("QUERY_STRING", "")


def name_of(version, key, request):
    """The entity tag; where no language is in the path, the visitor's own may choose."""
    language = None if get_language_from_path(request.path_info) else request.META.get("HTTP_ACCEPT_LANGUAGE")
    told = repr((release(), version.stamp, version.moment.timestamp(), key, language))
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


@cache
def release():
    """A name for the code that makes pages, the same on every machine that runs it."""
    digest = hashlib.blake2b(repr([getattr(settings, name) for name in SETTINGS]).encode())
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in KINDS:
                digest.update(path.name.encode() + path.read_bytes())
    digest.update((settings.BASE_DIR / "requirements.txt").read_bytes())
    return digest.hexdigest()


def is_shareable(response):
    """Whether the answer may have a name: a view that says how long it may be kept is taken at its word."""
    return (
        response.status_code == 200
        and not response.has_header("Cache-Control")
        and not response.has_header("Set-Cookie")
        and not response.cookies
        and "cookie" not in variations(response)
        and "'nonce-" not in response.get("Content-Security-Policy", "")
    )


def is_cacheable(request, response):
    """Whether it is cached here: a page at the one address that its view gives it, and no other spelling of it."""
    return (
        request.method == "GET"
        and not response.streaming
        and request.META.get("QUERY_STRING", "") == getattr(response, "canonical_query", "")
        and variations(response) <= KNOWN_VARIATIONS
    )


def variations(response):
    return {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}


def encoding_for(request):
    return best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=256)
def best_encoding(accepted):
    """The smallest of what a browser understands; one may also be named to say that it is not (`br;q=0`)."""
    named = [name.replace(" ", "").lower().partition(";q=") for name in accepted.split(",")]
    understood = {name for name, _q, quality in named if quality.strip("0.") or not quality}
    return next((encoding for encoding in ENCODINGS if encoding in understood), "identity")


def named(response, request, name):
    """What a visitor shows when asking again. No date: a page may be another one at the same date, or none at all."""
    response.headers["ETag"] = f'W/"{name}"'
    patch_vary_headers(response, varied_by(request))
    return response


def varied_by(request):
    """The same for every answer of an address, a 304 too."""
    return [
        "Accept-Encoding",
        *([] if get_language_from_path(request.path_info) else ["Accept-Language"]),
    ]
