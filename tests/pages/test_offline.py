"""What makes the site one of the applications of a device."""

import io
import json

import pytest
from PIL import Image

from learningcities.pages.models import SiteText

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")])
def test_the_manifest_speaks_the_readers_language_and_every_icon_is_there(client, language, direction):
    SiteText.objects.update_or_create(
        key="site_name", defaults={"value_fr": "Villes", "value_ar": "مدن", "value_en": "Cities"}
    )
    page = client.get(f"/{language}/").content.decode()
    assert f'<link rel="manifest" href="/{language}/manifest.webmanifest">' in page
    response = client.get(f"/{language}/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    said = json.loads(response.content)
    assert (said["lang"], said["dir"], said["start_url"]) == (language, direction, f"/{language}/")
    assert said["name"] == {"fr": "Villes", "ar": "مدن", "en": "Cities"}[language]
    assert {"any", "maskable"} == {icon["purpose"] for icon in said["icons"]}
    for icon in said["icons"]:
        image = Image.open(io.BytesIO(client.get(icon["src"]).content))
        assert f"{image.width}x{image.height}" == icon["sizes"]
        is_bare = image.getpixel((3, 3))[3] == 0
        assert is_bare == (icon["purpose"] == "any")


def test_the_worker_may_serve_the_whole_site_and_is_asked_for_anew(client):
    response = client.get("/service-worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_page_without_a_network_is_for_no_search_engine(client, language):
    html = client.get(f"/{language}/offline/").content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert f'<html lang="{language}"' in html
