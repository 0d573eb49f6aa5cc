from pathlib import PurePosixPath

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learningcities.media.documents import KINDS, DocumentField
from learningcities.translation import columns, translated

from .library import Media


class Document(Media):
    """Evidence: a PDF or an office document that a figure or an initiative rests on."""

    title = translated(models.CharField(_("title"), max_length=160), required=True)
    file = DocumentField(
        _("file"),
        unique=True,
        help_text=_("PDF, DOCX, XLSX, PPTX, ODT, ODS or ODP, up to 20 MB, without a password and without macros."),
    )
    size = models.PositiveIntegerField(editable=False, default=0)

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
        return f"{self.title_fr}.{self.kind}"

    def texts(self):
        return [*(getattr(self, column) for column in columns("title")), self.kind]

    def written(self, patch):
        super().written(patch)
        if "file" in patch:
            self.keep(size=self.file.size)
