"""Proper names are found in all spellings of one sound: Kénitra, Qnitra, القنيطرة."""

from django.apps import apps

from learningcities.publishing.version.version_cache import cached
from learningcities.text.folding import fold
from learningcities.text.phonetics import sounds


def names_of_row(row):
    """The proper name of a row in all its spellings, folded; none where it has no proper name."""
    if not getattr(row, "has_proper_name", False):
        return []
    return [fold(name) for field in row.named_by for name in getattr(row, field).split(",")]


def words_of_row(row):
    """The words that a row's proper name may be told by: each of them, and all in one."""
    words = [word for name in names_of_row(row) for word in [*name.split(), name.replace(" ", "")]]
    return [word for word in dict.fromkeys(words) if sounds(word)]


def names_for_entry(row):
    """The words of a row's proper name, as an entry has them."""
    return "".join(f"~{word} " for word in words_of_row(row))


def known_names():
    """{sound: words of one name, of another}, of all proper names; it is the entries that say which are public."""
    return cached("names", lambda moment: names_by_sound())


def names_by_sound():
    names = {}
    for model in apps.get_models():
        if getattr(model, "has_proper_name", False):
            for row in model._base_manager.all():
                for signs, words in words_by_sound(row).items():
                    names.setdefault(signs, set()).add(tuple(words))
    return names


def words_by_sound(row):
    words_by_sound = {}
    for word in words_of_row(row):
        for signs in sounds(word):
            words_by_sound.setdefault(signs, []).append(word)
    return words_by_sound
