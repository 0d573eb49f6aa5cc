"""A document is known by its content: a PDF or an office document, in which nothing runs, hides or leads elsewhere."""

from . import Refused, archives, pdf


def look(file):
    content = file.read()
    if content.startswith(b"%PDF-"):
        return pdf.look(content)
    if content.startswith(b"PK\x03\x04"):
        return {"kind": archives.kind_of(content)}, None
    raise Refused("old" if content.startswith(b"\xd0\xcf\x11\xe0") else "unknown")
