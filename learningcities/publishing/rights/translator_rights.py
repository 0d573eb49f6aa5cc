"""What a translator may change of an item: its texts in their languages, and nothing else."""

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.text.translation import listed


def forbidden_keys(author, model, keys):
    """The keys of a patch that are not for this author to change; empty for whoever is no translator."""
    languages = getattr(author, "translates", [])
    return [key for key in keys if PatchKey.parse(key).language(model) not in languages] if languages else []


def refusal(author, model, keys):
    languages = listed(get_language_info(code)["name_local"] for code in author.translates)
    fields = listed(dict.fromkeys(str(label(model, key)) or key for key in keys))
    return _("A translator into %(languages)s doesn’t change this, and it stays as it is: %(fields)s.") % {
        "languages": languages,
        "fields": fields,
    }
