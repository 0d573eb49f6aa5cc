"""Rich text that is clean whichever way it is saved."""

import re
from html import unescape

from django.utils.html import strip_tags
from django_prose_editor.fields import ProseEditorField, create_sanitizer

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Heading": {"levels": [2, 3]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "History": True,
}
clean = create_sanitizer(EXTENSIONS)

LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
BLOCK_END = re.compile(r"</(?:p|h2|h3|li)>|<br ?/?>")


def plain(html):
    """The words of a rich text, without its markup."""
    return unescape(strip_tags(html.replace("<", " <"))).strip()


def readable(html):
    """A rich text to be read without markup: a line for each paragraph or point, a link's address in brackets."""
    return lines(LINK.sub(r"\2 (\1)", html)) if html else ""


def lines(html):
    """The words as they are seen: a line for each paragraph or point."""
    text = unescape(strip_tags(BLOCK_END.sub("\n", html)))
    return "\n".join(filter(None, map(str.strip, text.splitlines())))


class RichTextField(ProseEditorField):
    """Paragraphs, two levels of headings, lists, quotes, emphasis and links; nothing else survives."""

    def __init__(self, *args, **kwargs):
        kwargs.update(extensions=EXTENSIONS, sanitize=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("sanitize", None)
        return name, "django.db.models.TextField", args, kwargs

    def get_db_prep_save(self, value, connection):
        """The editor cleans a form; this cleans the import, the shell, the program and the bulk update."""
        return super().get_db_prep_save(clean(value) if value and isinstance(value, str) else value, connection)
