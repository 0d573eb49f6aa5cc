"""The rules of the house that no page shows."""

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import LocalePrefixPattern, get_resolver
from django.utils.functional import Promise
from django.utils.translation import override

from learningcities.publishing.items.slugs import RESERVED
from learningcities.publishing.models import Item, Part, Tracked
from learningcities.text.translation import LANGUAGES
from tests.compile_messages import CATALOGUES, compiled

TOP = Path(__file__).parents[2]
OURS = ("learningcities", "cities", "initiatives")
#: Words that are the same in English and in another language, or that no language translates.
ALIKE = {
    "fr": """
        Source Sources source sources Initiative Initiatives initiative initiatives description Description Date date
        Page Pages page pages Photo Photos photo photos rose indigo audience Vision vision position code Contact Notes
        Documents document documents unit message km Publication Horizon region latitude longitude Province province
        Agenda URL invitation Menu
    """,
    "ar": "cities/ dataset/ report/ search/ search/proposals/ thanks/ URL IPv4 IPv6",
}


def bare(sentence):
    """Its words, without values and markup."""
    return re.sub(r"%\(\w+\)[sd]|%[sd]|<[^>]+>", "", sentence).strip()


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_word_of_a_model_is_translatable_and_starts_in_lower_case():
    models = [model for model in apps.get_models() if model.__module__.startswith(OURS)]
    assert len(models) > 15
    for model in models:
        if issubclass(model, (Tracked, Part)):
            assert isinstance(model._meta.verbose_name, Promise), model
            assert str(model._meta.verbose_name)[0].islower() or str(model._meta.verbose_name)[:2].isupper(), model


def test_every_part_names_its_item_and_every_item_its_parts():
    items = [model for model in apps.get_models() if issubclass(model, Tracked)]
    parts = {model for model in apps.get_models() if issubclass(model, Part)}
    named = {model._meta.get_field(name).related_model for model in items for name in model.parts}
    assert parts
    assert parts == named
    for part in parts:
        assert issubclass(part._meta.get_field(part.part_of).related_model, Item)


def test_no_public_slug_can_take_an_address_of_the_site():
    firsts = set()
    for language in LANGUAGES:
        with override(language):
            for pattern in get_resolver().url_patterns:
                if isinstance(pattern.pattern, LocalePrefixPattern):
                    firsts |= {str(inner.pattern).partition("/")[0] for inner in pattern.url_patterns}
                else:
                    firsts.add(str(pattern.pattern).partition("/")[0])
    words = {first for first in firsts if re.fullmatch(r"[a-z0-9-]+", first)}
    assert {"admin", "villes", "cities", "initiatives"} <= words
    assert words <= RESERVED


@pytest.mark.parametrize("path", CATALOGUES, ids=[str(path.relative_to(TOP)) for path in CATALOGUES])
def test_a_catalogue_has_no_hole(path):
    language = path.parts[-3]
    catalogue = polib.pofile(str(path))
    entries = [entry for entry in catalogue if not entry.obsolete]
    assert len(entries) > 10
    forms = {"fr": 2, "ar": 6}[language]
    assert f"nplurals={forms}" in catalogue.metadata["Plural-Forms"]
    for entry in entries:
        assert not entry.fuzzy, f"fuzzy: {entry.msgid}"
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        assert all(said), f"empty: {entry.msgid}"
        if entry.msgid_plural:
            assert len(said) == forms, f"plural forms: {entry.msgid}"
        same = entry.msgid in said and re.search(r"[a-z]{2}", bare(entry.msgid))
        assert not same or bare(entry.msgid) in ALIKE[language].split(), f"untranslated: {entry.msgid}"
        assert not entry.obsolete


@pytest.mark.parametrize("path", CATALOGUES, ids=[str(path.relative_to(TOP)) for path in CATALOGUES])
def test_a_translation_keeps_the_values_of_its_sentence(path):
    for entry in polib.pofile(str(path)):
        for said in [*entry.msgstr_plural.values(), entry.msgstr]:
            if said and not entry.obsolete:
                wanted = set(re.findall(r"%\(\w+\)[sd]", entry.msgid + entry.msgid_plural))
                # A plural form may say its number as a word: one, two.
                kept = set(re.findall(r"%\(\w+\)[sd]", said))
                assert kept <= wanted, entry.msgid
                assert kept == wanted or entry.msgid_plural, entry.msgid


def test_the_compiled_catalogues_are_up_to_date():
    assert CATALOGUES
    for path in CATALOGUES:
        assert path.with_suffix(".mo").read_bytes() == compiled(path), f"run `make messages`: {path}"


def test_the_catalogues_hold_every_sentence_of_the_code(tmp_path, request):
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not installed")
    copy = tmp_path / "site"
    shutil.copytree(TOP, copy, ignore=shutil.ignore_patterns(".git", ".venv*", "var", "tests", "__pycache__", "docs"))
    command = [sys.executable, "manage.py", "makemessages", "-lfr", "-lar", "--no-location", "--no-wrap", "-v0"]
    environment = {"MODE": "development", "VAR_DIR": str(tmp_path / "var"), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, cwd=copy, env=environment, check=True)  # noqa: S603
    for path in CATALOGUES:
        ours = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path)) if not entry.obsolete}
        fresh = polib.pofile(str(copy / path.relative_to(TOP)))
        missing = {(e.msgctxt, e.msgid) for e in fresh if not e.obsolete} - ours
        assert not missing, f"run `make messages`: {sorted(map(str, missing))[:5]}"


def test_the_system_check_says_nothing():
    out = io.StringIO()
    call_command("check", stdout=out, stderr=out)
    assert "no issues" in out.getvalue()
