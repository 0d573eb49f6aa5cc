import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.models import Tracked
from learningcities.publishing.version.version_cache import cached
from learningcities.text import plain_text
from learningcities.text.folding import fold

from .entry import Entry
from .expression import Expression

SEPARATORS = re.compile("[,،;؛\n]")

__all__ = ["Entry", "Synonym"]


class Synonym(Tracked):
    """Expressions that mean the same to who searches: whoever types one finds the others."""

    words = plain_text.CharField(
        _("words that mean the same"),
        max_length=400,
        unique=True,
        help_text=_(
            "Separated by commas, in any language: bibliothèque, médiathèque, مكتبة. Accents, capitals and plurals"
            " are understood without your help."
        ),
    )

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]

    def __str__(self):
        return self.words

    def clean(self):
        super().clean()
        if len(self.group()) < 2:
            raise ValidationError({"words": _("Write at least two different words, separated by commas.")})

    def group(self):
        """The expressions, without those that say nothing or the same again."""
        spelled = dict.fromkeys(fold(words) for words in SEPARATORS.split(self.words))
        return [Expression(words) for words in spelled if words]

    @classmethod
    def groups(cls):
        return cached("synonyms", lambda moment: [row.group() for row in cls.objects.all()])
