"""ODT, ODS and ODP: only entries that are known, nothing that listens or fetches, links only to be clicked."""

import re

from . import Refused
from .archives import check_foreign, read_elements
from .office import LINK, SCHEME
from .office_equations import is_equation

KINDS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
ENTRIES = re.compile(
    r"mimetype|META-INF/(manifest|documentsignatures)\.xml"
    r"|(Object \d+/)?((content|styles|meta|settings)\.xml|manifest\.rdf|layout-cache)"
    r"|(Object \d+/)?(Pictures|Thumbnails|Media|Fonts|ObjectReplacements|Configurations2)/.*"
    r"|Object \d+"
    r"|.*/"
)
XML = re.compile(r".*\.(xml|rdf)")
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
#: Links that are followed when someone clicks them, and the template that it was begun from.
CLICKED = {f"{ODF}{name}" for name in ("text:1.0 a", "drawing:1.0 a", "meta:1.0 template")}
#: What acts, fetches or shows something from elsewhere.
ACTIVE = {f"{ODF}script:1.0 event-listener", f"{ODF}drawing:1.0 applet", f"{ODF}drawing:1.0 floating-frame"}
ACTIVE |= {f"{ODF}office:1.0 dde-source", f"{ODF}text:1.0 dde-connection-decl", f"{ODF}table:1.0 dde-link"}
ACTIVE |= {f"{ODF}text:1.0 script", f"{ODF}meta:1.0 auto-reload"}
HREF = "http://www.w3.org/1999/xlink href"
FORMULA, ACTION = f"{ODF}table:1.0 formula", f"{ODF}presentation:1.0 action"
FETCHING = re.compile(r"\b(DDE|WEBSERVICE)\s*\(", re.IGNORECASE)


def kind_of(archive):
    names = archive.namelist()
    if "META-INF/manifest.xml" in names:
        read_elements(archive, "META-INF/manifest.xml", refuse_locked)
    if not all(ENTRIES.fullmatch(name) for name in names):
        raise Refused("macros")
    for name in names:
        if re.fullmatch(r"Object \d+", name):
            with archive.open(name) as entry:
                if not is_equation(entry.read()):
                    raise Refused("embedded")
        elif XML.fullmatch(name):
            if archive.getinfo(name).file_size:
                read_elements(archive, name, check_element)
        elif not name.endswith("/"):
            check_foreign(archive, [name])
    with archive.open("mimetype") as entry:
        kind = KINDS.get(entry.read(100).strip())
    if not kind:
        raise Refused("unknown")
    return kind


def refuse_locked(element, attributes):
    if element.endswith(" encryption-data"):
        raise Refused("locked")


def check_element(element, attributes):
    if element in ACTIVE or attributes.get(ACTION) in ("execute", "verb"):
        raise Refused("macros")
    if target := attributes.get(HREF, "").strip():
        if element in CLICKED:
            if not LINK.match(target):
                raise Refused("leads")
        elif SCHEME.match(target) or target.startswith(("/", "..")):
            raise Refused("leads")
    if FETCHING.search(attributes.get(FORMULA, "")):
        raise Refused("leads")
