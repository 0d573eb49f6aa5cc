"""The renditions of a photo: for each place that shows it, in its shape and sizes, around its focal point."""

import io
from fractions import Fraction
from math import floor
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from pictures.models import PictureFieldFile, PillowPicture
from PIL import Image

#: The widths in pixels for each shape: the whole photo, a doorway, a tile, a picture of the gallery.
WIDTHS = {None: (426, 853, 1280), "4/5": (240, 480, 864), "1/1": (120, 240), "3/2": (426, 853)}
#: How each kind of file is written: as good as the eye can tell, and quickly enough to wait for.
KINDS = {"AVIF": {"quality": 58, "speed": 8}, "WEBP": {"quality": 78}}


class Rendition(PillowPicture):
    """One file: the whole photo, or the largest part of it in a shape that has the focal point in it."""

    def __init__(self, file, kind, ratio, width):
        super().__init__(file.name, kind, ratio, file.storage, width)
        self.focus = (file.instance.focus_x, file.instance.focus_y)

    @property
    def name(self):
        """Another focal point is another file, so that each may be kept for ever."""
        folder = PurePosixPath(self.parent_name).with_suffix("")
        if self.aspect_ratio:
            shape = "x".join(map(str, self.aspect_ratio.as_integer_ratio()))
            folder /= f"{shape}-{self.focus[0]}-{self.focus[1]}"
        return str(folder / f"{self.width}w.{self.file_type.lower()}")

    def save(self, image):
        out = io.BytesIO()
        self.resize(image).save(out, self.file_type, **KINDS[self.file_type])
        self.storage.save(self.name, ContentFile(out.getvalue()))

    def resize(self, image):
        if self.aspect_ratio is None:
            return image.resize((self.width, max(1, round(self.width * image.height / image.width))))
        size = self.width, max(1, floor(self.width / self.aspect_ratio))
        return image.crop(self.box(*image.size)).resize(size)

    def box(self, width, height):
        """The largest part in this shape, as near around the focal point as the edges let it."""
        ratio = self.aspect_ratio
        part = (max(1, min(width, floor(height * ratio))), max(1, min(height, floor(width / ratio))))
        corner = [
            min(max(round(side * focus / 100 - length / 2), 0), side - length)
            for side, focus, length in zip((width, height), self.focus, part, strict=True)
        ]
        return (*corner, corner[0] + part[0], corner[1] + part[1])


class PhotoFile(PictureFieldFile):
    """A stored photo, with its renditions beside it."""

    @property
    def aspect_ratios(self):
        self._require_file()
        return {
            ratio: {
                kind: {width: Rendition(self, kind, ratio, width) for width in self.widths(ratio)} for kind in KINDS
            }
            for ratio in WIDTHS
        }

    def widths(self, ratio):
        """Those of a shape that the photo is large enough for, but one at least."""
        largest = min(self.width, floor(self.height * Fraction(ratio))) if ratio else self.width
        return [width for width in WIDTHS[ratio] if width <= largest] or [max(1, largest)]

    def save_all(self):
        """Make the renditions that aren't there yet."""
        missing = [file for file in self.get_picture_files_list() if not self.storage.exists(file.name)]
        if missing:
            with self.storage.open(self.name) as stored, Image.open(stored) as image:
                image.load()
                for rendition in missing:
                    rendition.save(image)

    def discard(self):
        """Take the files away again that no row came to name."""
        if self:
            for name in (self.name, *(file.name for file in self.get_picture_files_list())):
                self.storage.delete(name)

    def sources(self, ratio=None):
        """What a picture element names: (kind, "address width, ...") for each kind of file."""
        return [
            (kind.lower(), ", ".join(f"{file.url} {width}w" for width, file in files.items()))
            for kind, files in self.aspect_ratios[ratio].items()
        ]

    def shape(self, ratio=None):
        """The width and height to keep free for it on a page."""
        width = self.widths(ratio)[-1]
        return width, max(1, round(width / Fraction(ratio) if ratio else width * self.height / self.width))
