"""The slug in a public address: Latin, the same in every language, and no reserved word."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

#: The words that addresses of the site itself use, now or soon.
RESERVED = frozenset(
    """
    fr ar en admin api cities villes initiatives places lieux search recherche map carte feed flux sitemap robots
    static media icons healthz readyz offline dataset donnees export page design report signaler share preview apercu
    """.split()  # noqa: SIM905 - a list of words reads better than a list of quotes
)


def refuse_reserved(slug):
    if slug != slug.lower():
        raise ValidationError(_("Write the short name in lower-case letters."))
    if slug in RESERVED:
        raise ValidationError(_("“%(slug)s” is used by the site itself. Choose another word."), params={"slug": slug})


class PublicSlugField(models.SlugField):
    def __init__(self, *args, **kwargs):
        options = {
            "verbose_name": _("short name in addresses"),
            "max_length": 80,
            "unique": True,
            "validators": [refuse_reserved],
            "error_messages": {"unique": _("Another page already has this short name. Choose another one.")},
            "help_text": _("Latin letters, digits and hyphens: /villes/<strong>chefchaouen</strong>/."),
        }
        super().__init__(*args, **{**options, **kwargs})

    def deconstruct(self):
        """Words and checks are no matter of the database."""
        name, path, args, kwargs = super().deconstruct()
        for word in ("validators", "error_messages", "help_text", "verbose_name"):
            kwargs.pop(word, None)
        return name, path, args, kwargs
