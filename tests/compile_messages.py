"""Compile the translations without system packages: python -m tests.compile_messages"""

from pathlib import Path

import polib

SITE = Path(__file__).parent.parent / "learningcities"
CATALOGUES = sorted([*SITE.glob("locale/**/*.po"), *SITE.glob("locale_of_packages/**/*.po")])


def compiled(po):
    """The bytes of the compiled catalogue."""
    return polib.pofile(str(po)).to_binary()


if __name__ == "__main__":
    for po in CATALOGUES:
        po.with_suffix(".mo").write_bytes(compiled(po))
