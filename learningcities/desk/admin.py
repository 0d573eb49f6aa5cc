"""Django looks here for the screens of what belongs to every app. The desk shows its sections in this order."""

# ruff: noqa: I001, F401
from . import people
from .boards import care, batches, locks, comments, translations, changes, synonyms
from . import pages
from .boards import reports, links
