"""The keys of patches: parsed, printed, and asked what they name."""

import pytest

from cities.models import City
from learningcities.publishing.patches.patch_key import PatchKey

ROW = "0b8a2f0e-3b8f-4b52-9a9d-1c0f4b1f7a11"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("title_fr", PatchKey(field="title_fr")),
        (f"figures:{ROW}", PatchKey("figures", ROW)),
        (f"figures:{ROW}:value", PatchKey("figures", ROW, "value")),
    ],
)
def test_a_key_is_parsed_and_printed_as_it_is_stored(text, key):
    assert PatchKey.parse(text) == key
    assert str(key) == text


@pytest.mark.parametrize(
    ("text", "name", "language"),
    [
        ("summary_ar", "summary_ar", "ar"),
        ("vision_year", "vision_year", None),
        (f"figures:{ROW}", "figures", None),
        (f"figures:{ROW}:source_fr", "source_fr", "fr"),
        ("unheard", None, None),
        (f"unheard:{ROW}:value", None, None),
        (f"figures:{ROW}:unheard", None, None),
    ],
)
def test_a_key_names_a_field_and_its_language(text, name, language):
    key = PatchKey.parse(text)
    assert getattr(key.model_field(City), "name", None) == name
    assert key.language(City) == language
