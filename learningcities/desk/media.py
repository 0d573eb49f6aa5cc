"""The media library in the admin: photos and documents, and where they are used."""

from django.contrib import admin
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from learningcities.media.serving import PRIVATE, served, stem
from learningcities.text.translation import LANGUAGES, language_name

from .item.item_admin import ItemAdmin
from .item.tracked_admin import BY_WORDS


class UseFilter(admin.SimpleListFilter):
    title, parameter_name = _("use"), "used"

    def lookups(self, request, model_admin):
        return [("no", _("not used"))]

    def queryset(self, request, queryset):
        return queryset.unused() if self.value() == "no" else queryset


class AlternativeFilter(admin.SimpleListFilter):
    title, parameter_name = _("alternative text"), "without"

    def lookups(self, request, model_admin):
        return [(code, _("missing in %(language)s") % {"language": language_name(code)}) for code in LANGUAGES]

    def queryset(self, request, queryset):
        return queryset.without_alternative(self.value()) if self.value() in LANGUAGES else queryset


class MediaAdmin(ItemAdmin):
    """What photos and documents have in common."""

    search_fields = BY_WORDS
    told = ["state_word"]
    tells_uses = True

    # Files

    def pages(self):
        return [*super().pages(), ("file/<path:name>", self.file_view, "file")]

    def file_view(self, request, name):
        """A stored file as staff see it: also one that visitors don't, and one that only a draft has so far."""
        item = self.model.objects.of_file(name).first()
        is_others = item and not self.get_queryset(request).filter(pk=item.pk).exists()
        is_mine = stem(name).startswith(self.model.file.field.upload_to) and self.has_view_permission(request)
        if is_others or not is_mine:
            raise Http404
        return served(request, name, item.download_name if item else "", PRIVATE)

    def file_address(self, name):
        return reverse(self.address("file"), args=[name])


class ImageAdmin(MediaAdmin):
    """With a picture of each photo."""

    class Media:
        css = {"all": ["css/photos.css"]}
        js = ("js/focus.js",)

    @admin.display(description=_("photo"))
    def thumbnail(self, photo):
        return self.picture(photo, 0)

    def preview(self, photo):
        """The whole photo, on which the focal point can be moved."""
        label = _("Focal point: {x} from the left, {y} from above, in percent. Move it with the arrow keys.")
        return format_html('<span class="focus-picker" data-said="{}">{}</span>', label, self.picture(photo, 1))

    def picture(self, photo, size):
        """The whole photo, in one of the smaller sizes."""
        if not photo.file:
            return ""
        address = self.rendition(photo, size=size)
        return format_html('<img class="photo-preview" src="{}" alt="{}" loading="lazy">', address, photo)

    def rendition(self, photo, shape=None, size=0):
        """The address at which staff see a photo in a shape, the smallest size being 0."""
        files = list(photo.file.aspect_ratios[shape]["WEBP"].values())
        return self.file_address(files[min(size, len(files) - 1)].name)


class FileAdmin(MediaAdmin):
    """With the kind and the size of each document."""

    @admin.display(description=_("kind of file"))
    def kind(self, document):
        return document.kind.upper()

    @admin.display(description=_("size"), ordering="size")
    def size_shown(self, document):
        return filesizeformat(document.size)

    def stored(self, document):
        """The kind and the size of the file, as a link to it."""
        if not document.file:
            return "–"
        words = f"{document.kind.upper()}, {filesizeformat(document.size)}"
        return format_html('<a href="{}">{}</a>', self.file_address(document.file.name), words)
