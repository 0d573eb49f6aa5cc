"""The palette: every colour that carries text can be read, light and dark."""

import re
from itertools import product

import pytest
from django.conf import settings

from cities.models import City

TOKENS = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
LIGHT, DARK = TOKENS.split("@media screen and (prefers-color-scheme: dark)")


def declared(block):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def theme(css, colour):
    """The colours of a page in the colour of a city, or in the network's own."""
    if not colour:
        return declared(css.split("[data-colour")[0])
    own = re.search(rf'\[data-colour="{colour}"\] {{(.*?)}}', css)
    assert own, colour
    return declared(css.split("[data-colour")[0]) | declared(own[1])


PAPERS = ("paper", "paper-raised", "paper-deep")


@pytest.mark.parametrize(("css", "colour"), list(product([LIGHT, DARK], ["", *City.Colour.values])))
def test_text_can_be_read_in_every_city_and_mode(css, colour):
    of = theme(css, colour)
    for text, paper in product(("ink", "ink-soft", "city-ink"), PAPERS):
        assert contrast(of[text], of[paper]) >= 4.5, (text, paper)
    assert contrast(of["paper"], of["city-ink"]) >= 4.5
    assert contrast(of["ink"], of["land"]) >= 4.5
    for line, paper in product(("line-strong", "focus"), PAPERS):
        assert contrast(of[line], of[paper]) >= 3, (line, paper)


@pytest.mark.parametrize(("css", "colour"), list(product([LIGHT, DARK], ["", *City.Colour.values])))
def test_a_chip_can_be_read(css, colour):
    of = theme(css, colour)
    assert contrast(declared(LIGHT)["chip-ink"], of["city-soft"]) >= 4.5
