"""Uploaded evidence: known by its content, with nothing in it that runs or hides, randomly named."""

import re
import secrets
import zipfile
import zlib

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models
from django.utils.translation import gettext_lazy as _

from .uploads import InspectedFileField

#: The kinds of file by their ending, with the content type they are served under.
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
MAX_BYTES = 20 * 2**20
#: What an archive may become when it is opened, in all and compared with what was sent.
MAX_UNPACKED, MAX_RATIO, MAX_ENTRIES = 300 * 2**20, 200, 5000
#: What is read of one of its entries, or of one stream of a PDF.
MAX_READ = 4 * 2**20

UNKNOWN = _("This is neither a PDF nor an office document. Send PDF, DOCX, XLSX, PPTX, ODT, ODS or ODP.")
OLD = _("This is an old or a protected office document. Save it as DOCX, XLSX or PPTX without a password.")
BROKEN = _("This file is damaged or holds more than a document. Save it anew, or send it as PDF.")
LOCKED = _("This document is protected by a password or by rights. Save it without them.")
MACROS = _("This document holds macros or other programs. Save it without them, or as PDF.")
BOMB = _("This document becomes far too large when it is opened. Send it as PDF.")

#: Words of a PDF that start a program, open another file or carry one.
PDF_PROGRAMS = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z0-9])")
PDF_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
PDF_PACKED = re.compile(rb"/ObjStm(?:(?!endobj).){0,2000}?stream\r?\n", re.DOTALL)
PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
#: Entries of an archive that hold programs.
PROGRAMS = re.compile(
    r"(^|/)(vba[^/]*\.(bin|xml)|activex/.*|oleobject[^/]*|[^/]*\.(exe|dll|js|vbs|jar|html?))$|^(basic|scripts)/|^macros/",
    re.IGNORECASE,
)
MARKUP = re.compile(rb"<\s*(html|script|svg|!doctype)", re.IGNORECASE)


def kind_of(file):
    """The kind of a document by what is in it; a ValidationError says why it isn't taken."""
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 20 MB. Save it a little smaller."))
    file.seek(0)
    start = file.read(1024)
    file.seek(0)
    if start.startswith(b"%PDF-"):
        return check_pdf(file, start)
    if start.startswith(b"PK\x03\x04"):
        return check_archive(file)
    raise ValidationError(OLD if start.startswith(b"\xd0\xcf\x11\xe0") else UNKNOWN)


def check_pdf(file, start):
    content = file.read()
    file.seek(0)
    if MARKUP.search(start) or zipfile.is_zipfile(file) or b"%%EOF" not in content[-1024:]:
        raise ValidationError(BROKEN)
    for part in (content, *unpacked_objects(content)):
        # A name may be spelled with escapes: /J#61vaScript.
        plain = PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), part)
        if PDF_ENCRYPTED.search(plain):
            raise ValidationError(LOCKED)
        if PDF_PROGRAMS.search(plain):
            raise ValidationError(MACROS)
    return "pdf"


def unpacked_objects(content):
    """The streams of a PDF that hold objects, as they are once unpacked."""
    for found in PDF_PACKED.finditer(content):
        unpack = zlib.decompressobj()
        try:
            yield unpack.decompress(content[found.end() :], MAX_READ)
        except zlib.error:
            # Packed in another way, which is rare, or in none: then it was looked through already.
            continue
        if unpack.unconsumed_tail and not unpack.eof:
            raise ValidationError(BOMB)


def check_archive(file):
    try:
        with zipfile.ZipFile(file) as archive:
            check_entries(file, archive)
            return kind_of_archive(archive)
    except ValidationError:
        raise
    except Exception:
        # A damaged or a forged archive: the reader complains in many ways.
        raise ValidationError(BROKEN) from None
    finally:
        file.seek(0)


def check_entries(file, archive):
    entries = archive.infolist()
    if archive.comment or min(entry.header_offset for entry in entries) != 0:
        raise ValidationError(BROKEN)
    if any(entry.flag_bits & 1 for entry in entries):
        raise ValidationError(LOCKED)
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or size > min(MAX_UNPACKED, max(MAX_RATIO * file.size, MAX_READ)):
        raise ValidationError(BOMB)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names) or any(".." in name or "\\" in name or name.startswith("/") for name in names):
        raise ValidationError(BROKEN)
    if any(PROGRAMS.search(name) for name in names):
        raise ValidationError(MACROS)


def kind_of_archive(archive):
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        types = read(archive, "[Content_Types].xml")
        if b"macroenabled" in types.lower():
            raise ValidationError(MACROS)
        for kind in ("docx", "xlsx", "pptx"):
            if f'"{KINDS[kind]}.main+xml"'.encode() in types:
                return kind
    elif names[0] == "mimetype":
        if b"encryption-data" in read(archive, "META-INF/manifest.xml"):
            raise ValidationError(LOCKED)
        said = read(archive, "mimetype").strip()
        for kind in ("odt", "ods", "odp"):
            if KINDS[kind].encode() == said:
                return kind
    raise ValidationError(UNKNOWN)


def read(archive, name):
    with archive.open(name) as entry:
        return entry.read(MAX_READ)


class CleanDocument(File):
    """A document that was looked through here, under the name it is stored by."""


def cleaned(file):
    return CleanDocument(file, name=f"{secrets.token_hex(16)}.{kind_of(file)}")


class DocumentFormField(InspectedFileField):
    widget = forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in KINDS)})
    clean_class, cleaned = CleanDocument, staticmethod(cleaned)


class DocumentField(models.FileField):
    """A document under a random name, with the ending of what it really is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"upload_to": "documents", **kwargs})

    def formfield(self, **kwargs):
        fixed = {"form_class": DocumentFormField, "widget": DocumentFormField.widget, "max_length": None}
        return super().formfield(**kwargs | fixed)

    def to_python(self, value):
        """A stored name, as a Change has it, must still lead to a file: earlier ones are not kept for ever."""
        if isinstance(value, str) and value and not self.storage.exists(value):
            raise ValidationError(_("The earlier file is no longer kept."))
        return super().to_python(value)

    def pre_save(self, instance, add):
        file = getattr(instance, self.attname)
        if file and not file._committed:
            clean = file.file if isinstance(file.file, CleanDocument) else cleaned(file)
            file.save(clean.name, clean, save=False)
        return super().pre_save(instance, add)
