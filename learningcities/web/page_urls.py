"""Where a page is: in each language, for people who switch and for machines that index."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.functional import cached_property
from django.utils.translation import get_language, override

from learningcities.text.translation import LANGUAGES, first_of


class PageUrl(NamedTuple):
    language: str
    name: str
    path: str
    is_current: bool


class PageUrls:
    """The addresses of the page that is being shown.

    `query` is kept when the language changes, `canonical_query` is what machines are told of it.
    """

    def __init__(self, request, query="", languages=LANGUAGES, canonical_query=""):
        self.request, self.languages = request, languages
        self.query, self.canonical_query = (f"?{text}" if text else "" for text in (query, canonical_query))

    @cached_property
    def paths(self):
        """The page in every language; an error's way out is the home page."""
        return {code: self.path(code) for code in LANGUAGES}

    @cached_property
    def switch(self):
        """The same page in every language, filters included."""
        return [
            PageUrl(code, name, self.paths[code] + self.query, code == get_language())
            for code, name in settings.LANGUAGES
        ]

    @cached_property
    def canonical(self):
        return self.absolute(self.request.path + self.canonical_query)

    @cached_property
    def here(self):
        """For who wants to show someone just this: the page with its filters."""
        return self.absolute(self.request.path + self.query)

    @cached_property
    def alternates(self):
        """Absolute addresses in the languages the page is written in, and the one for everybody else."""
        written = [(code, self.absolute(self.paths[code] + self.canonical_query)) for code in self.languages]
        first = self.paths[first_of(self.languages)]
        return [*written, ("x-default", self.absolute(first + self.canonical_query))]

    def path(self, language):
        if self.request.resolver_match is None:
            with override(language):
                return reverse("home")
        return translated(self.request.path, language)

    def absolute(self, path):
        return self.root + path if path.startswith("/") else self.request.build_absolute_uri(path)

    @cached_property
    def root(self):
        return self.request.build_absolute_uri("/").removesuffix("/")


@lru_cache(maxsize=1024)
def translated(path, language):
    return translate_url(path, language)


def encoded(pairs):
    return urlencode(list(pairs))


@lru_cache(maxsize=4096)
def encoded_pair(name, value):
    return encoded([(name, value)])
