"""What the addresses of the site are asked: of what is there, of what is not, and by odd query strings."""

from urllib.parse import quote_plus

from django.urls import URLResolver
from hypothesis import strategies as st

from cities.filters import CityFilter
from initiatives.filters import InitiativeFilter
from learningcities.listing.exports.formats import FORMATS
from learningcities.text.translation import LANGUAGES

#: The arguments of addresses that have some: of what is there, and of what is not or not public.
ITEMS = {
    "cities:detail": ({"slug": "benguerir"}, {"slug": "draft"}),
    "initiatives:detail": ({"slug": "n-01"}, {"slug": "draft"}),
    "page": ({"slug": "about"}, {"slug": "draft"}),
    "addresses": ({"section": "cities"}, {"section": "none"}),
    "icon": ({"name": "star-192"}, {"name": "none"}),
    "share": ({"kind": "city", "slug": "benguerir"}, {"kind": "city", "slug": "draft"}),
    "media": ({"name": "{photo}"}, {"name": "../settings.py"}),
    "preview": ({"token": "{preview}", "language": "fr"}, {"token": "made-up", "language": "fr"}),
    **{
        f"api:{name}-detail": ({"slug": slug}, {"slug": "draft"})
        for name, slug in {
            "cities": "benguerir",
            "initiatives": "n-01",
            "places": "a-place",
            "themes": "literacy",
            "sdgs": "4",
            "key-features": "culture-of-learning",
            "audiences": "women",
            "place-kinds": "library",
            "countries": "ma",
            "regions": "a-region",
            "indicators": "population",
        }.items()
    },
}


def walk(resolver, spaces=(), route="", names=frozenset()):
    """(name or None, route, names of the arguments) of every address."""
    for entry in resolver.url_patterns:
        here, arguments = route + str(entry.pattern), names | entry.pattern.regex.groupindex.keys()
        if isinstance(entry, URLResolver):
            yield from walk(entry, [*spaces, entry.namespace] if entry.namespace else spaces, here, arguments)
        else:
            yield entry.name and ":".join([*spaces, entry.name]), here, arguments


#: Parameters that addresses know, each with values that mean something.
KNOWN = {
    **{name: ["literacy"] for name in [*CityFilter.names(), *InitiativeFilter.names()]},
    "q": ["ecole", "ville bengrir", "العيون", "l'", "a" * 300],
    "city": ["benguerir", "draft"],
    "country": ["ma"],
    "region": ["a-region"],
    "theme": ["literacy", "equity-and-inclusion"],
    "sdg": ["4", "17"],
    "audience": ["women"],
    "key_feature": ["culture-of-learning"],
    "status": ["planned", "under-way", "established"],
    "year": ["2019", "1900", "2200"],
    "sort": ["recent", "title", "city", "name"],
    "view": ["map", "list"],
    "at": ["benguerir"],
    "page": ["1", "2", "99", "last", "/fr/villes/benguerir/"],
    "page_size": ["1", "100"],
    "format": [*FORMATS, "api"],
    "lang": LANGUAGES,
    "kind": ["city", "initiative", "page", "learningplace"],
    "section": ["cities"],
    "p": ["1", "2"],
    "v": ["abc"],
    "next": ["//example.org"],
}


HOSTILE = [
    *["", " ", "\0", "\r\nSet-Cookie: a=b", "'", '"><script>', "' OR 1=1 --", "%", "_", "\\", "*", "../../etc/passwd"],
    *["-1", "0", "1e9", "0x10", "٢٠٢٤", "²", "9" * 40, "-0", "NaN", "1.5", "None", "{}", "[]", "{{ x }}", "$(id)"],
    *["\u202e", "\ufeff", "ﷺ", "İ", "ß", "e\u0301" * 50, "😀", "~", "~a", "و", "ال", "\U0010ffff", "\ud7ff", "//"],
]


#: Pieces that are no pairs, or not in UTF-8.
BROKEN = ["", "=", "&", "%", "%zz", "%ff%fe=%ff", "q=%c3", "q", "=q", "q[]=1", "q=1;page=2", "q=%ed%a0%80", "é"]


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


names = st.one_of(*[st.sampled_from(sorted(KNOWN))] * 4, text)


hostile = st.one_of(st.sampled_from(HOSTILE), text)


@st.composite
def pairs(draw):
    name = draw(names)
    value = draw(st.one_of(st.sampled_from(KNOWN.get(name, ["x"])), hostile))
    return f"{quote_plus(name)}={quote_plus(value)}"


queries = st.lists(st.one_of(*[pairs()] * 4, st.sampled_from(BROKEN)), min_size=1, max_size=5).map("&".join)
