"""The site on a phone's home screen and without a network: its manifest, its icons, its service worker."""

import io
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from PIL import Image, ImageDraw

from learningcities.media.palette import palette
from learningcities.media.share import KHATAM
from learningcities.media.share_tilework import tiles
from learningcities.publishing.version.page_cache import release
from learningcities.text.translation import direction

from .site_texts import site_of

WORKER = settings.BASE_DIR / "static" / "js" / "service-worker.js"
#: The tiles of every icon, and how many units of the drawing it is wide.
SEED, WIDTH = "shams", 270
#: Icons are drawn this many times larger and then made smaller, which smooths their edges.
FINE = 4


class Icon(NamedTuple):
    """A square of tiles or, where the device cuts out no shape of its own, the star of the site full of them."""

    size: int
    is_star: bool = False

    def png(self):
        side = self.size * FINE
        sheet = tiles(SEED, palette(), (side, side), (WIDTH / 2,) * 2, FINE * self.size / WIDTH).convert("RGBA")
        if self.is_star:
            mask = Image.new("L", sheet.size)
            half, unit = side / 2, side / 24
            ImageDraw.Draw(mask).polygon([(half + x * unit, half + y * unit) for x, y in KHATAM], fill=255)
            sheet.putalpha(mask)
        out = io.BytesIO()
        sheet.resize((self.size, self.size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
        return out.getvalue()


ICONS = {
    "star-192": Icon(192, is_star=True),
    "star-512": Icon(512, is_star=True),
    "tiles-180": Icon(180),
    "tiles-512": Icon(512),
}


@cache_control(public=True, max_age=7 * 24 * 3600)
def icon(request, name):
    if name not in ICONS:
        raise Http404
    return HttpResponse(cache.get_or_set(f"icon:{name}", ICONS[name].png, timeout=None), content_type="image/png")


def manifest(request):
    """What a device needs to know to put the site beside its applications."""
    text, colours, language = site_of(request).text, palette(), get_language()
    name = text.get("site_name") or request.get_host()
    icons = [
        {
            "src": reverse("icon", args=[name]),
            "sizes": f"{icon.size}x{icon.size}",
            "type": "image/png",
            "purpose": "any" if icon.is_star else "maskable",
        }
        for name, icon in ICONS.items()
    ]
    manifest = {
        "id": "/",
        "name": name,
        "short_name": name,
        "description": text.get("home_lead", ""),
        "lang": language,
        "dir": direction(language),
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": colours["paper"],
        "theme_color": colours["city-deep"],
        "icons": icons,
    }
    return JsonResponse(manifest, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@cache_control(no_cache=True)
def worker(request):
    """The service worker, for the whole site; with the release it becomes another one."""
    script = f"{WORKER.read_text('utf-8')}\n// {release()}\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def offline(request):
    """What is shown in the place of a page that was never visited."""
    return render(request, "offline.html")
