"""What a file is called once a visitor has saved it: letters, digits and signs that are seen, and nothing else."""

import re
import unicodedata

from django.utils.http import content_disposition_header

from learningcities import bounds

#: What has a meaning in a path or on a command line of some system.
SIGNS = re.compile(r'[\\/:*?"<>|]+')


def disposition(name, as_attachment=True):
    """The header Content-Disposition for a file that is to have this name."""
    return content_disposition_header(as_attachment, file_name(name))


def file_name(name):
    """Without what isn't seen, such as the marks that let "exe.pdf" read as "fdp.exe"."""
    stem, _dot, ending = name.rpartition(".")
    letters = filter(is_seen, unicodedata.normalize("NFC", stem))
    seen = "".join(" " if letter.isspace() else letter for letter in letters)
    stem = " ".join(SIGNS.sub("-", seen).split()).strip(". ")[: bounds.FILE_NAME_LETTERS].rstrip()
    return f"{stem or 'document'}.{ending}"


def is_seen(letter):
    return letter.isspace() or unicodedata.category(letter)[0] != "C"
