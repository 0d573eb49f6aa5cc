"""The slug in a public address: Latin, the same in every language, and no reserved word."""

from itertools import count

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from learningcities.text.slugs import slug_of
from learningcities.text.translation import columns

from .redirect import Redirect

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


class SlugField(models.SlugField):
    """A short name that is made of what the row is called, where a form or a program leaves it empty."""

    #: What is never given.
    reserved = frozenset()

    def __init__(self, *args, of="", **kwargs):
        #: The translated text that it is made of.
        self.of = of
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        field = super().formfield(**{"required": False, **kwargs})
        field.widget.attrs["data-slug-of"] = " ".join(columns(self.of))
        return field

    def save_form_data(self, instance, data):
        """What has a short name keeps it: links carry it."""
        super().save_form_data(instance, data or getattr(instance, self.attname))

    def clean(self, value, row):
        return super().clean(value or self.made_for(row), row)

    def pre_save(self, row, add):
        if self.of and not getattr(row, self.attname):
            setattr(row, self.attname, self.made_for(row))
        return super().pre_save(row, add)

    def made_for(self, row, taken=()):
        """One that neither another row has, nor an old address of one, nor the site itself, nor `taken`."""
        slug = self.made_of([getattr(row, column) for column in columns(self.of)]) or row._meta.model_name
        others = type(row)._base_manager.filter(**{f"{self.attname}__startswith": slug}).exclude(pk=row.pk)
        taken = {*taken, *self.reserved, *others.values_list(self.attname, flat=True)}
        numbered = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
        return next(one for one in numbered if one not in taken and not Redirect.is_taken(row, one))

    def made_of(self, texts):
        """The first of some texts, with room for a number behind it."""
        return slug_of(next(filter(None, texts), ""), self.max_length - 10)

    def deconstruct(self):
        """For the database it is a slug like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", args, kwargs


def slug_field(model):
    """The field of its short name, or None for what has none that is made."""
    return next((field for field in model._meta.concrete_fields if isinstance(field, SlugField)), None)


class PublicSlugField(SlugField):
    reserved = RESERVED

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
