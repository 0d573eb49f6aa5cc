"""A document is known by its content: a PDF or an office document, in which nothing runs, hides or leads elsewhere."""

import io
import zipfile
from functools import partial

from . import Refused, office, open_document, pdf
from .archives import check_layout


def look(file):
    content = file.read()
    if content.startswith(b"%PDF-"):
        return pdf.look(content)
    if content.startswith(b"PK\x03\x04"):
        return {"kind": kind_of_archive(content)}, None
    raise Refused("old" if content.startswith(b"\xd0\xcf\x11\xe0") else "unknown")


def kind_of_archive(content, is_embedded=False):
    check_embedded = refuse_embedded if is_embedded else partial(kind_of_archive, is_embedded=True)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_layout(archive, content)
            if "[Content_Types].xml" in archive.namelist():
                return office.kind_of(archive, check_embedded)
            if archive.namelist()[0] == "mimetype":
                return open_document.kind_of(archive)
    except (Refused, MemoryError):
        raise
    except Exception:
        # A damaged or a forged archive: the readers complain in many ways.
        raise Refused("damaged") from None
    raise Refused("unknown")


def refuse_embedded(content):
    """A document inside of a document holds no other one."""
    raise Refused("embedded")
