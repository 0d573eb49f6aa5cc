"""Proper names are found by their sound, in all spellings: Kénitra, Quneitra, القنيطرة."""

from django.apps import apps

from learningcities.publishing.version.version_cache import cached
from learningcities.text.folding import fold
from learningcities.text.phonetics import sounds_of_name


def sounds_of_row(row):
    """The sounds of a row's proper name in all its spellings; none where it has no proper name."""
    if not getattr(row, "has_proper_name", False):
        return []
    names = [fold(name) for field in row.named_by for name in getattr(row, field).split(",")]
    return list(dict.fromkeys(sound for name in names for sound in sounds_of_name(name)))


def sounds_for_entry(row):
    """The sounds of a row's proper name, as an entry has them."""
    return "".join(f"~{sound} " for sound in sounds_of_row(row))


def known_sounds():
    """The sounds of all proper names there are; it is the entries that say which of them are public."""
    named = [model for model in apps.get_models() if getattr(model, "has_proper_name", False)]
    rows = (row for model in named for row in model._base_manager.all())
    return cached("sounds", lambda moment: frozenset(sound for row in rows for sound in sounds_of_row(row)))
