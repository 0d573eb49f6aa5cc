"""Rich text that is clean whichever way it is saved."""

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


def plain(html):
    """The words of a rich text, without its markup."""
    return unescape(strip_tags(html.replace("<", " <"))).strip()


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
        return super().get_db_prep_save(clean(value) if isinstance(value, str) else value, connection)
