"""Uploaded evidence: looked through (learningcities/inspection), randomly named."""

import secrets

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.inspection.child import inspect

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
#: The rules by which documents are looked at: whoever changes them raises the number, and all are looked at again.
RULES = 1

SENTENCES = {
    "unknown": _("This is neither a PDF nor an office document. Send PDF, DOCX, XLSX, PPTX, ODT, ODS or ODP."),
    "old": _("This is an old or a protected office document. Save it as DOCX, XLSX or PPTX without a password."),
    "damaged": _("This file is damaged or holds more than a document. Save it anew, or send it as PDF."),
    "locked": _("This document is protected by a password or by rights. Save it without them."),
    "macros": _("This document holds macros or other programs. Save it without them, or as PDF."),
    "leads": _("This document fetches something from other files or addresses. Save it as PDF, and send that."),
    "embedded": _("This document holds another file or program. Take that out, or save the document as PDF."),
    "portfolio": _("This PDF is a folder of several files. Send each of them by itself."),
    "form": _("This PDF is a form that few programs can show. Print it as PDF, and send that."),
    "signed": _(
        "This PDF is signed, but holds scripts or files, or isn’t whole: it can’t be made safe without breaking the"
        " signature. Print it as PDF, and send that."
    ),
    "too_much": _("This document is too large or too complex to be looked through. Print it as PDF, and send that."),
}


ACTING = _("This PDF acts by itself, or carries files. Send it again: the site takes that out.")
#: What there is to say against a document of the library, by the code that is kept of it.
DOUBTS = {"acting": ACTING, **SENTENCES}


class CleanDocument(ContentFile):
    """A document that was looked through, as it is stored: a PDF mostly written anew."""


def cleaned(file):
    answer, content = inspected(file)
    if content is None:
        file.seek(0)
        content = file.read()
    return CleanDocument(content, name=f"{secrets.token_hex(16)}.{answer['kind']}")


def inspected(file):
    """What is said of a document, and its new content or None; a ValidationError says why it isn't taken."""
    if file.size > bounds.DOCUMENT_BYTES:
        text = _("The file is larger than %(megabytes)d MB. Save it a little smaller.")
        raise ValidationError(text, params={"megabytes": bounds.DOCUMENT_BYTES // bounds.MIB})
    return inspect("document", file, SENTENCES)


def doubt_about(file):
    """The code of what there is to say against a stored document, or nothing."""
    try:
        answer, _content = inspected(file)
    except ValidationError as error:
        return error.code or "too_much"
    return "acting" if answer.get("removed") else ""


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
