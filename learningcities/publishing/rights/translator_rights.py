"""What a translator may change of an item: its texts in their languages, and nothing else."""

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from learningcities.publishing.history.patch_display import label
from learningcities.text.translation import language_of


def forbidden_keys(author, model, keys):
    """The keys of a patch that are not for this author to change; empty for whoever is no translator."""
    languages = getattr(author, "translates", [])
    return [key for key in keys if language_of_key(model, key) not in languages] if languages else []


def language_of_key(model, key):
    """The language of the text that a key names; None for what is no text, such as a row that comes or goes."""
    name, _colon, rest = key.partition(":")
    try:
        if rest:
            model, name = model._meta.get_field(name).related_model, rest.partition(":")[2]
        return language_of(model._meta.get_field(name)) if name else None
    except FieldDoesNotExist:
        return None


def refusal(author, model, keys):
    languages = ", ".join(get_language_info(code)["name_local"] for code in author.translates)
    fields = ", ".join(dict.fromkeys(str(label(model, key)) or key for key in keys))
    return _("A translator into %(languages)s doesn’t change this, and it stays as it is: %(fields)s.") % {
        "languages": languages,
        "fields": fields,
    }
