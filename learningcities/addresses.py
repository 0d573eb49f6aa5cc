"""Where a page is: in each language, for people who switch and for machines that index."""

from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override

from .translation import LANGUAGES, REQUIRED


class Address(NamedTuple):
    language: str
    name: str
    path: str
    is_current: bool


class Addresses:
    """The addresses of the page that is being shown; `query` is what it keeps of its parameters."""

    def __init__(self, request, query="", languages=LANGUAGES):
        self.request, self.languages = request, languages
        self.query = f"?{query}" if query else ""

    @cached_property
    def switch(self):
        """The same page in every language, filters included; an error's way out is the home page."""
        return [
            Address(code, name, self.path(code) + self.query, code == get_language())
            for code, name in settings.LANGUAGES
        ]

    @cached_property
    def canonical(self):
        return self.absolute(self.request.path)

    @cached_property
    def here(self):
        """For who wants to show someone just this: the page with its filters."""
        return self.absolute(self.request.path + self.query)

    @cached_property
    def alternates(self):
        """Absolute addresses in the languages the page is written in, and the one for everybody else."""
        written = [(code, self.absolute(self.path(code))) for code in self.languages]
        return [*written, ("x-default", self.absolute(self.path(REQUIRED)))]

    def path(self, language):
        if self.request.resolver_match is None:
            with override(language):
                return reverse("home")
        return translate_url(self.request.path, language)

    def absolute(self, path):
        return self.request.build_absolute_uri(path)
