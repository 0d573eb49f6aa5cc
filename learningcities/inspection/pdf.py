"""A PDF by its structure: what acts, carries files or leads to other files is taken out, and the rest written anew.

A link stays, whatever it says. A PDF that is signed stays byte for byte where nothing has to be taken out of it.
"""

import io
import re
import zipfile

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from learningcities import bounds

from . import Refused

#: What an action may do: go to a page of the document, show a layer of it, or follow a link when it is clicked.
ACTIONS = {"/GoTo", "/URI", "/Named", "/SetOCGState"}
NAMED = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
LINK = re.compile(r"\s*(https?:|mailto:|tel:|www\.)", re.IGNORECASE)
#: What an action may not do, wherever it is found.
FORBIDDEN = {f"/{name}" for name in ("JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition")}
FORBIDDEN |= {f"/{name}" for name in ("Movie", "Sound", "RichMediaExecute", "GoTo3DView", "Thread", "SetState")}
#: Where an action hangs.
HOLDERS = {"/A", "/PA", "/OpenAction", "/Next"}
#: Annotations that play or carry something.
ANNOTATIONS = {f"/{name}" for name in ("RichMedia", "Movie", "Sound", "Screen", "3D", "FileAttachment")}
#: The names under which a file is in the list of those that a PDF carries.
FILES = {"/F", "/UF", "/DOS", "/Mac", "/Unix"}
MARKUP = re.compile(rb"<\s*(html|script|svg|!doctype)", re.IGNORECASE)


def look(content):
    # Whoever breaks off in the middle leaves out the end; zeros behind it come from disks.
    if b"%%EOF" not in content.rstrip(b"\0\r\n ")[-1024:]:
        raise Refused("damaged")
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            return looked_through(document, content)
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    except (Refused, MemoryError):
        raise
    except Exception:
        # A damaged file: the reader complains in many ways.
        raise Refused("damaged") from None


def looked_through(document, content):
    if document.is_encrypted:
        raise Refused("locked")
    if not len(document.pages):
        raise Refused("damaged")
    if len(document.objects) > bounds.PDF_OBJECTS:
        raise Refused("too_much")
    check_kind(document.Root)
    cleaner = Cleaner()
    for each in document.objects:
        cleaner.clean(each)
    if cleaner.signatures:
        if cleaner.removed or not is_sound(document, content, cleaner.signatures):
            raise Refused("signed")
        return {"kind": "pdf", "removed": 0}, None
    out = io.BytesIO()
    document.save(out, fix_metadata_version=False, deterministic_id=True)
    return {"kind": "pdf", "removed": cleaner.removed}, out.getvalue()


def check_kind(root):
    """Without the files that it carries, or its XML, nothing of such a PDF would be left to read."""
    if "/Collection" in root:
        raise Refused("portfolio")
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary) and "/XFA" in form and (root.get("/NeedsRendering") or not form.get("/Fields")):
        raise Refused("form")


class Cleaner:
    def __init__(self):
        self.removed, self.signatures, self.entries = 0, [], 0

    def clean(self, obj):
        """An object of the PDF, with all that is written inside of it."""
        waiting = [obj]
        while waiting:
            each = waiting.pop()
            if isinstance(each, Array):
                self.count(each)
                waiting += [entry for entry in each if is_inside(entry)]
            elif isinstance(each, (Dictionary, Stream)):
                self.count(each.keys())
                self.clean_dictionary(each)
                waiting += [entry for _key, entry in each.items() if is_inside(entry)]

    def count(self, entries):
        self.entries += len(entries)
        if self.entries > bounds.PDF_ENTRIES:
            raise Refused("too_much")

    def clean_dictionary(self, obj):
        keys = set(obj.keys())
        if "/ByteRange" in keys:
            self.signatures.append(obj)
        if name(obj, "/S") in FORBIDDEN and not is_tag(obj):
            for key in keys:
                self.remove(obj, key)
            return
        for key in keys & CAREFUL:
            value = obj[key]
            if key in HOLDERS:
                self.clean_action(obj, key, value)
            elif key == "/Annots" and isinstance(value, Array):
                self.keep(obj, key, [entry for entry in value if name(entry, "/Subtype") not in ANNOTATIONS])
            elif is_unwanted(key, value, isinstance(obj, Stream)):
                self.remove(obj, key)

    def clean_action(self, obj, key, value):
        if isinstance(value, Dictionary):
            # Only a click opens an address.
            if not is_allowed(value) or (key == "/OpenAction" and name(value, "/S") == "/URI"):
                self.remove(obj, key)
        elif isinstance(value, Array) and any(
            isinstance(entry, Dictionary) and not is_allowed(entry) for entry in value
        ):
            self.keep(obj, key, [entry for entry in value if not isinstance(entry, Dictionary) or is_allowed(entry)])

    def keep(self, obj, key, rows):
        if len(rows) < len(obj[key]):
            self.removed += len(obj[key]) - len(rows)
            obj[key] = Array(rows)

    def remove(self, obj, key):
        del obj[key]
        self.removed += 1


#: The keys that are looked at. Most may also be the name of a font or a picture of a page, so that their values count.
CAREFUL = HOLDERS | {"/AA", "/Annots", "/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/XFA", "/F", "/Ref"}
CAREFUL |= {"/RichMediaContent", "/RichMediaSettings"}


def is_unwanted(key, value, is_of_stream):
    if key == "/AA":
        # Acts by itself, when a page is opened or a field is left.
        return isinstance(value, Dictionary) and any(
            isinstance(entry, Dictionary) and "/S" in entry for _key, entry in value.items()
        )
    if key == "/JS":
        return isinstance(value, (String, Stream))
    if key == "/EF":
        return isinstance(value, Dictionary) and bool(FILES & set(value.keys()))
    if key == "/F":
        # The content of a stream may lie in a file elsewhere.
        return is_of_stream and isinstance(value, (String, Dictionary))
    if key == "/Ref":
        return is_of_stream and isinstance(value, Dictionary) and "/F" in value
    return True


def is_allowed(action):
    """Whether an action does no more than the reader expects. What has no kind is none."""
    if "/S" not in action:
        return True
    kind = name(action, "/S")
    if kind == "/URI":
        return isinstance(action.get("/URI"), String) and bool(LINK.match(str(action["/URI"])))
    return kind in ACTIONS and (kind != "/Named" or name(action, "/N") in NAMED)


def is_inside(value):
    return isinstance(value, (Array, Dictionary)) and not value.is_indirect


def is_tag(obj):
    """The kind of a piece of text, for those who can't see the page, may be any name."""
    return name(obj, "/Type") == "/StructElem"


def name(obj, key):
    value = obj.get(key) if isinstance(obj, (Dictionary, Stream)) else None
    return str(value) if isinstance(value, Name) else ""


def is_sound(document, content, signatures):
    """Whether it can stay as it was sent: nothing before, behind or beside what the reader has read."""
    return (
        not document.get_warnings()
        and content.rstrip().endswith(b"%%EOF")
        and not MARKUP.search(content[:1024])
        and not zipfile.is_zipfile(io.BytesIO(content))
        and all(is_signature(each, content) for each in signatures)
    )


def is_signature(obj, content):
    """Whether the bytes that it says it leaves out are itself."""
    try:
        first, begin, end, rest = (int(number) for number in obj["/ByteRange"])
    except (TypeError, ValueError):
        return False
    hole = content[begin:end]
    return first == 0 < begin < end <= end + rest <= len(content) and hole[:1] + hole[-1:] == b"<>"
