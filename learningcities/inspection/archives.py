"""An office document is an archive: laid out as one, with nothing before, between or behind its entries."""

import re
import struct
import zipfile
from functools import partial
from xml.parsers import expat

from learningcities import bounds

from . import Refused

#: What may lie between two entries: the length of the first, said once more.
GAP = 24
#: How the files begin that are no part of a document: old office files, programs, archives.
FOREIGN = (b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF", b"PK\x03\x04", b"%PDF", b"Rar!", b"7z\xbc\xaf")

#: What systems and browsers run or show by its name, wherever it lies.
RUNNING = re.compile(r"\.(exe|dll|com|scr|bat|cmd|ps1|vb[es]|jse?|wsf|hta|jar|lnk|msi|x?html?|mht(ml)?)$")


def check_layout(archive, content):
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("locked")
    size = sum(entry.file_size for entry in entries)
    if len(entries) > bounds.ARCHIVE_ENTRIES or size > min(
        bounds.ARCHIVE_BYTES, max(bounds.ARCHIVE_RATIO * len(content), bounds.ARCHIVE_SMALL_BYTES)
    ):
        raise Refused("too_much")
    names = {entry.filename.lower() for entry in entries}
    if len(names) < len(entries) or any(is_odd(entry) for entry in entries):
        raise Refused("damaged")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Refused("damaged")
    if any(RUNNING.search(name) for name in names):
        raise Refused("macros")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if not 0 <= entry.header_offset - end <= (GAP if end else 0):
            raise Refused("damaged")
        lengths = struct.unpack("<HH", content[entry.header_offset + 26 : entry.header_offset + 30])
        end = entry.header_offset + 30 + sum(lengths) + entry.compress_size
    # Its table of contents follows at once, and ends the file.
    is_last = content[-22:].startswith(b"PK\x05\x06") and not archive.comment
    if not is_last or not 0 <= archive.start_dir - end <= GAP:
        raise Refused("damaged")


def is_odd(entry):
    name = entry.filename
    if ".." in name or "\\" in name or name.startswith("/") or not name.isprintable():
        return True
    return name.endswith("/") and entry.file_size > 0


def read_elements(archive, name, start, prepare=None):
    """Read an entry that is XML: `start(element, attributes)` for each element, its name with its namespace before it.

    `prepare` may ask the parser for more.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = start
    if prepare:
        prepare(parser)
    with archive.open(name) as entry:
        for piece in iter(partial(entry.read, 2**16), b""):
            parser.Parse(piece)
    parser.Parse(b"", True)


def refuse_doctype(*_said):
    """No office program writes one; what it declares could grow without end or lead elsewhere."""
    raise Refused("damaged")


def check_foreign(archive, names):
    """None of these entries is a file that only pretends to be a picture or a text."""
    for name in names:
        with archive.open(name) as entry:
            if entry.read(8).startswith(FOREIGN):
                raise Refused("embedded")
