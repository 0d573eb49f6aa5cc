"""How a stored file leaves the site: photos as pictures, documents as downloads, nothing as a page."""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from learningcities.web.downloads import disposition

from .documents import KINDS

PHOTO_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
#: A name means one file for ever, unless it is withdrawn: caches that many share ask again after a minute.
SHARED = "public, max-age=31536000, s-maxage=60, immutable"
#: For staff, who see what visitors don't.
PRIVATE = "private, max-age=3600"


#: The folder and the stem of a stored file or, in a folder of that stem, of a rendition; the ending.
NAME = re.compile(r"((?:photos|documents)/[0-9a-f]{32})(?:/[0-9x-]+)?(?:/\d+w)?\.([a-z]+)")


def stem(name):
    """What a stored file and its renditions have in common; nothing for a name that no file can have."""
    match = NAME.fullmatch(name)
    return match[1] if match and match[2] in PHOTO_TYPES | KINDS else ""


def served(request, name, download_name="", caching=SHARED):
    """The file under the name of one of our items; only a word, where the visitor has it already."""
    etag = quote_etag(name)
    response = get_conditional_response(request, etag=etag) or opened(name, download_name)
    response["Cache-Control"] = caching
    response["ETag"] = etag
    return response


def opened(name, download_name):
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        raise Http404 from None
    kind = name.rpartition(".")[2]
    response = FileResponse(file, content_type=PHOTO_TYPES.get(kind) or KINDS[kind])
    if kind in KINDS:
        response["Content-Disposition"] = disposition(download_name or f".{kind}")
    response["X-Content-Type-Options"] = "nosniff"
    return response
