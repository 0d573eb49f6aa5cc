"""What the lists must answer, in plain Python over plain objects: no database, no sets, no code of the site.

A row is public or not by its dates, which are whole hours here; several values of a group mean "or", groups mean "and";
a list of cities asks one and the same public initiative for all that is asked of initiatives; the count beside a choice
is what a visitor would get who asks for it instead of what its group asks for now.
"""

import unicodedata
from dataclasses import dataclass, field, replace

PLACE = ("country", "region", "city")
GROUPS = (PLACE, ("theme",), ("audience",), ("sdg",), ("key_feature",), ("status",), ("year",))
OF_INITIATIVES = GROUPS[1:]


@dataclass(frozen=True)
class Dates:
    public_from: int | None = 0
    public_until: int | None = None
    is_withdrawn: bool = False
    is_binned: bool = False

    def allow(self, hour):
        if self.is_withdrawn or self.is_binned or self.public_from is None:
            return False
        return self.public_from <= hour and (self.public_until is None or hour < self.public_until)


@dataclass(frozen=True)
class City:
    key: int
    slug: str
    region: str
    country: str
    dates: Dates
    #: What it is sorted by, for each language.
    sorted_as: dict
    #: Its words, from the weightiest: title, summary, rest.
    words: tuple

    def is_public(self, hour):
        return self.dates.allow(hour)

    def says(self, name, value):
        return {"country": self.country, "region": self.region, "city": self.slug}[name] == value


@dataclass(frozen=True)
class Initiative:
    key: int
    slug: str
    city: City
    dates: Dates
    status: str
    start: str
    end: str
    #: Its terms: {"theme": slugs, "sdg": numbers, ...}.
    terms: dict
    sorted_as: dict
    words: tuple

    def is_public(self, hour):
        return self.dates.allow(hour) and self.city.is_public(hour)

    def says(self, name, value):
        if name in PLACE:
            return self.city.says(name, value)
        if name == "year":
            return self.touches(int(value))
        return value == self.status if name == "status" else value in self.terms[name]

    def touches(self, year):
        """A year of its span; what has no end goes on, and what has no start is of no year."""
        if not self.start or int(self.start[:4]) > year:
            return False
        return not self.end or int(self.end[:4]) >= year


@dataclass(frozen=True)
class Question:
    """What a visitor asks of a list: values by the name of the parameter, words, an order, in a language."""

    language: str = "fr"
    values: dict = field(default_factory=dict)
    words: tuple = ()
    sort: str = ""

    def instead(self, name, value):
        """The same with one value in the place of all that its group asks."""
        group = next(group for group in GROUPS if name in group)
        others = {other: values for other, values in self.values.items() if other not in group}
        return replace(self, values={**others, name: [value]})

    def meets(self, row, groups):
        chosen = [[(name, value) for name in group for value in self.values.get(name, [])] for group in groups]
        return all(any(row.says(*pair) for pair in pairs) for pairs in chosen if pairs)

    def asks(self, groups):
        return any(self.values.get(name) for group in groups for name in group)

    def weight(self, row):
        """0 where the title has all words, 1 where title and summary do, 2 where the title has some, 3 for the rest.

        None where a word is missing.
        """
        title, summary, rest = row.words
        in_title, in_either, somewhere = (
            [any(text.startswith(word) for text in texts) for word in self.words]
            for texts in (title, title + summary, title + summary + rest)
        )
        if not all(somewhere):
            return None
        return next(
            weight for weight, holds in enumerate((all(in_title), all(in_either), any(in_title), True)) if holds
        )


@dataclass(frozen=True)
class World:
    """All rows, and the hour at which someone asks."""

    hour: int
    cities: tuple
    initiatives: tuple

    def public_cities(self):
        return [city for city in self.cities if city.is_public(self.hour)]

    def public_initiatives(self):
        return [initiative for initiative in self.initiatives if initiative.is_public(self.hour)]

    def found_initiatives(self, question):
        rows = [row for row in self.public_initiatives() if question.meets(row, GROUPS)]
        return in_order([row for row in rows if question.weight(row) is not None], question, "recent")

    def found_cities(self, question):
        rows = [city for city in self.public_cities() if question.meets(city, [PLACE])]
        if question.asks(OF_INITIATIVES):
            having = {row.city.key for row in self.public_initiatives() if question.meets(row, OF_INITIATIVES)}
            rows = [city for city in rows if city.key in having]
        return in_order([city for city in rows if question.weight(city) is not None], question, "name")

    def has(self, row, name, value, question):
        """Whether a row found has a value; a city has it by an initiative that answers to all that is asked as well."""
        if name in PLACE or isinstance(row, Initiative):
            return row.says(name, value)
        own = [initiative for initiative in self.public_initiatives() if initiative.city.key == row.key]
        return any(other.says(name, value) and question.meets(other, OF_INITIATIVES) for other in own)

    def knows(self, name, value):
        """A place is known while one of its cities is public."""
        return name not in PLACE or any(city.says(name, value) for city in self.public_cities())

    def years(self, this_year):
        """The years that are offered: from the first to the last that a public initiative names, or to this one."""
        named = [int(date[:4]) for row in self.public_initiatives() for date in (row.start, row.end) if date]
        return [str(year) for year in range(min(named), max([*named, this_year]) + 1)] if named else []


def in_order(rows, question, usual):
    """The rows as asked or, where words and no order were asked for, the best match first."""
    language, by_weight = question.language, question.words and not question.sort
    keys = {
        "recent": lambda row: (-row.dates.public_from, -row.key),
        "name": lambda row: (row.sorted_as[language], row.key),
        "title": lambda row: (row.sorted_as[language], row.key),
        "city": lambda row: (row.city.sorted_as[language], row.city.key, row.sorted_as[language], row.key),
    }
    rows = sorted(rows, key=keys[question.sort or usual])
    return sorted(rows, key=question.weight) if by_weight else rows


def offered(found, question, name, choices):
    """The choices that lead somewhere or are in use, as (value, count): `choices` is {value: name}, `found` a list.

    Those with the highest count come first, then by the alphabet; years from the newest, goals by their number.
    """
    counts = {value: len(found(question.instead(name, value))) for value in choices}
    shown = [value for value in choices if counts[value] or value in question.values.get(name, [])]
    own = {"year": lambda year: -int(year), "sdg": int}
    shown.sort(key=own.get(name, lambda value: (-counts[value], alphabetical(choices[value]))))
    return [(value, counts[value]) for value in shown]


def alphabetical(name):
    """A name without accents, capitals and signs; the few Arabic letters that only look different as one."""
    bare = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe")).translate(str.maketrans("ةى", "هي"))
    letters = (letter if letter.isalnum() else " " for letter in bare if not unicodedata.combining(letter))
    return " ".join("".join(letters).split())
