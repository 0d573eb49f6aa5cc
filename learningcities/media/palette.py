"""The colours of the style sheet, for what is drawn outside the browser. tokens.css is their only home."""

import re
from functools import lru_cache

from django.conf import settings

TOKENS = settings.BASE_DIR / "static" / "css" / "tokens.css"


@lru_cache
def palette(colour=""):
    """The light colours by their names, in the colour of a city or in the network's own: {"paper": "#fbf7ee", ...}."""
    light = TOKENS.read_text("utf-8").partition("@media")[0]
    common, *cities = light.split("[data-colour=")
    own = next((block for block in cities if block.startswith(f'"{colour}"')), "")
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", common + own))
