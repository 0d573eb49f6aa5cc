"""Random rows and random questions for the oracle, and the same rows in the database."""

from datetime import timedelta
from itertools import combinations, islice, product
from random import Random

from hypothesis import strategies as st

from cities.models import City, Region
from initiatives.models import Initiative
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.search.models import Entry
from learningcities.text.translation import LANGUAGES
from tests import oracle

#: The regions with their countries.
REGIONS = {"north": "ma", "south": "ma", "coast": "tn"}
#: The terms that random rows have, by the name of the parameter, and the field of the model.
TERMS = {
    "theme": ("themes", ("literacy", "entrepreneurship", "equity-and-inclusion")),
    "audience": ("audiences", ("women", "young-people", "older-people")),
    "sdg": ("sdgs", ("4", "8", "13")),
    "key_feature": ("key_features", ("economy-and-culture", "empowerment-and-cohesion")),
}
STATUSES = ("planned", "under-way", "established", "completed")
#: Spans as they are stored: years, months or days, open or not.
SPANS = [
    *[("", ""), ("2018", ""), ("2019-12-31", ""), ("2017", "2017"), ("2018-05-03", "2018"), ("2016", "2020-12")],
    *[("2017-11", "2019-02"), ("2020-01-01", "2023-01-01"), ("", "2015"), ("2031-02", ""), ("2030", "2033")],
]
YEARS = ("1950", "2015", "2016", "2017", "2018", "2019", "2020", "2021", "2023", "2026", "2031", "2040")
DATES = [
    *[oracle.Dates(hour) for hour in (-3, -3, -2, -2, -2, -1, -1, -1, -1, 0, 0)],
    *[oracle.Dates(-1), oracle.Dates(-2, 9), oracle.Dates(1), oracle.Dates(2), oracle.Dates(None)],
    *[oracle.Dates(-2, 1), oracle.Dates(-2, 2), oracle.Dates(-2, 0), oracle.Dates(1, 2), oracle.Dates(None, 1)],
    *[oracle.Dates(-1, is_withdrawn=True), oracle.Dates(-1, is_binned=True)],
]
#: Words that no rule of French or Arabic spelling makes alike.
WORDS = ("kafila", "kafilor", "rimon", "زليج")
#: What is typed: beginnings of these words.
ASKED = ((), (), ("kafil",), ("ka",), ("kafila",), ("rimon",), ("زلي",), ("rimon", "kafil"), ("nowhere",))

#: How many initiatives a world has, and keys for all of its rows, in no order.
NUMBERS = (0, 6, 12, 15, 17)
KEYS = [Random(number).sample(range(1, 3000), 24) for number in range(8)]


def few(values, most):
    return [some for number in range(most + 1) for some in combinations(values, number)]


def some(values, most):
    """Any few of these values, as one choice: the fewer the choices, the more worlds in a second."""
    return st.sampled_from(few(values, most))


public = st.sampled_from(DATES)
words = st.tuples(*[some(WORDS, 2)] * 3)
sorted_as = st.sampled_from([dict(zip(LANGUAGES, keys, strict=True)) for keys in product(("", "a b", "أ"), repeat=3)])
terms = st.fixed_dictionaries({name: some(slugs, 2) for name, (_field, slugs) in TERMS.items()})


@st.composite
def worlds(draw):
    keys = iter(draw(st.sampled_from(KEYS)))
    regions = draw(st.lists(st.sampled_from(sorted(REGIONS)), min_size=2, max_size=6))
    cities = [
        oracle.City(key, f"city-{key}", region, REGIONS[region], draw(public), draw(sorted_as), draw(words))
        for region, key in zip(regions, keys, strict=False)
    ]
    number = draw(st.sampled_from(NUMBERS))
    initiatives = [draw(initiatives_of(cities, key)) for key in islice(keys, number)]
    return oracle.World(draw(st.integers(0, 2)), tuple(cities), tuple(initiatives))


def initiatives_of(cities, key):
    return st.builds(
        lambda own, span, *rest: oracle.Initiative(key, f"initiative-{key}", *own, *span, *rest),
        st.tuples(st.sampled_from(cities), public, st.sampled_from(STATUSES)),
        st.sampled_from(SPANS),
        terms,
        sorted_as,
        words,
    )


@st.composite
def questions(draw, world, sorts):
    """What may be asked of a list that has these orders: values of a few groups, hidden places among them."""
    known = {
        "country": sorted(set(REGIONS.values())),
        "region": sorted(REGIONS),
        "city": [city.slug for city in world.cities],
        **{name: terms for name, (_field, terms) in TERMS.items()},
        "status": STATUSES,
        "year": YEARS,
    }
    names = draw(st.sampled_from([*few(sorted(known), 2), *few(oracle.PLACE, 3), *[("year",)] * 4]))
    values = {name: draw(st.lists(st.sampled_from(known[name]), min_size=1, max_size=2, unique=True)) for name in names}
    typed, sort = draw(st.sampled_from(ASKED)), draw(st.sampled_from(("", "", *sorts)))
    return oracle.Question(draw(st.sampled_from(LANGUAGES)), values, typed, sort)


def write(world, now):
    """Put a world into the database, where hour 0 is now, without a record of how it came to be."""
    regions = {region.slug: region for region in Region.objects.filter(slug__in=REGIONS)}
    rows = [
        City(id=city.key, slug=city.slug, region=regions[city.region], **texts("name", city), **dates(city, now))
        for city in world.cities
    ]
    City.objects.bulk_create(rows)
    initiatives = [
        Initiative(
            id=row.key,
            slug=row.slug,
            city_id=row.city.key,
            status=row.status,
            start=row.start,
            end=row.end,
            **texts("title", row),
            **dates(row, now),
        )
        for row in world.initiatives
    ]
    Initiative.objects.bulk_create(initiatives)
    for name, (field, _terms) in TERMS.items():
        relate(world.initiatives, name, field)
    Entry.objects.bulk_create(entry(*pair) for pair in zip(rows, world.cities, strict=True))
    Entry.objects.bulk_create(entry(*pair) for pair in zip(initiatives, world.initiatives, strict=True))
    ContentVersion.bump()


def texts(name, row):
    """One name in all languages, and what the row is sorted by in each."""
    names = {f"{name}_{code}": row.slug for code in LANGUAGES}
    return names | {f"sort_{code}": key for code, key in row.sorted_as.items()}


def dates(row, now):
    moments = {
        name: hour if hour is None else now + timedelta(hours=hour)
        for name, hour in (("public_from", row.dates.public_from), ("public_until", row.dates.public_until))
    }
    off = {"withdrawn_at": row.dates.is_withdrawn, "binned_at": row.dates.is_binned}
    return moments | {name: now for name, is_off in off.items() if is_off}


def relate(initiatives, name, field):
    vocabulary = Initiative._meta.get_field(field)
    terms = {term.slug: term.pk for term in vocabulary.related_model.objects.all()}
    vocabulary.remote_field.through.objects.bulk_create(
        vocabulary.remote_field.through(
            **{vocabulary.m2m_column_name(): row.key, vocabulary.m2m_reverse_name(): terms[slug]}
        )
        for row in initiatives
        for slug in row.terms[name]
    )


def entry(row, described):
    return Entry.of(row, **dict(zip(("title", "summary", "rest"), described.words, strict=True)))
