"""Titles that must become readable short names."""

import tomllib
from pathlib import Path

from django.conf import settings

from tests.moroccan_cities import NAMES

READABLE = {
    "Cœur": "coeur",
    "Ænima": "aenima",
    "Straße": "strasse",
    "Łódź": "lodz",
    "Đà Nẵng": "da-nang",
    "Østerbro": "osterbro",
    "Sığırcı": "sigirci",
    "L’Œuvre d’été": "l-oeuvre-d-ete",
    "Laâyoune": "laayoune",
    "M’diq": "m-diq",
    "  -- Une  ville…  ": "une-ville",
    "№ 5": "no-5",
    "": "",
    "!?": "",
    "فاس": "fas",
    "الرباط": "al-rabat",
    "طنجة": "tanja",
    "مكناس": "maknas",
    "شفشاون": "chafchawan",
    "ورزازات": "warzazat",
    "العيون": "al-ayoun",
    "الداخلة": "al-dakhla",
    "بني ملال": "bani-malal",
    "ابن جرير": "ibn-jarir",
    "سلا": "sala",
    "أكادير": "akadir",
    "سيدي قاسم": "sidi-qasam",
    "مدرسة المدينة": "madrasa-al-madina",
    "التعلّم مدى الحياة": "al-talam-mada-al-hayat",
    "مُدَرِّس": "moudaris",
    "مكتبة ٢٠٢٤": "maktaba-2024",
    "Médiathèque مكتبة": "mediatheque-maktaba",
}


def titles():
    names = list(NAMES)
    for folder in ("cities/migrations", "initiatives/migrations", "initiatives/starting_content"):
        for path in sorted((Path(settings.BASE_DIR) / folder).glob("*.toml")):
            names += texts(tomllib.loads(path.read_text("utf-8")))
    return names


def texts(value):
    """The names and titles of a file, in all languages."""
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    if not isinstance(value, dict):
        return []
    names = [text for key in ("name", "title") for text in as_texts(value.get(key))]
    return names + [text for part in value.values() for text in texts(part)]


def as_texts(value):
    return list(value.values()) if isinstance(value, dict) else [value] if isinstance(value, str) else []
