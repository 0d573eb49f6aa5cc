from pathlib import PurePosixPath

from django.db import models
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.media.documents import DOUBTS, KINDS, RULES, DocumentField, doubt_about
from learningcities.text import plain_text
from learningcities.text.translation import columns, lasting_name, translated

from .media import Media, MediaQuerySet


class DocumentQuerySet(MediaQuerySet):
    def uninspected(self):
        """Those whose file was not yet looked at by the rules of today."""
        return self.exclude(file="").exclude(inspected_by=RULES)

    def doubtful(self):
        """Those whose file would not be taken today as it is."""
        return self.active().exclude(doubt="")


class Document(Media):
    """Evidence: a PDF or an office document that a figure or an initiative rests on."""

    title = translated(plain_text.CharField(_("title"), max_length=160), required=True)
    file = DocumentField(
        _("file"),
        unique=True,
        help_text=format_lazy(
            _("PDF, DOCX, XLSX, PPTX, ODT, ODS or ODP, up to {megabytes} MB, without a password and without macros."),
            megabytes=bounds.DOCUMENT_BYTES // bounds.MIB,
        ),
    )
    size = models.PositiveIntegerField(editable=False, default=0)
    #: The rules by which the file was looked at last, and the code of what there is to say against it.
    inspected_by = models.PositiveSmallIntegerField(editable=False, default=0, db_default=0)
    doubt = models.CharField(max_length=20, editable=False, default="", db_default="")

    objects = DocumentQuerySet.as_manager()

    ENDINGS = tuple(KINDS)

    needed = ("title",)

    class Meta(Media.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("media", args=[self.file.name])

    @property
    def kind(self):
        return PurePosixPath(self.file.name).suffix[1:]

    @property
    def content_type(self):
        return KINDS[self.kind]

    @property
    def download_name(self):
        """What the file is called once it is saved."""
        return f"{lasting_name(self)}.{self.kind}"

    def texts(self):
        return [*(getattr(self, column) for column in columns("title")), self.kind]

    def follow_change(self, patch):
        super().follow_change(patch)
        if "file" in patch:
            # A chore looks at it: what comes back from an earlier version was looked at by the rules of then.
            self.store_derived(size=self.file.size, inspected_by=0, doubt="")

    def inspect(self):
        """Look at the stored file by the rules of today; whether there was a turn for it."""
        with self.file.open() as file:
            doubt = doubt_about(file)
        if doubt == "busy":
            return False
        # Of the file that was looked at: another one may have taken its place meanwhile.
        same = type(self)._base_manager.filter(pk=self.pk, file=self.file.name)
        return same.update(inspected_by=RULES, doubt=doubt) > 0

    @property
    def doubt_shown(self):
        return DOUBTS.get(self.doubt, "")
