"""Make plausible cities and initiatives, for tests and benchmarks: invented, and said to be so."""

from argparse import ArgumentTypeError
from itertools import cycle, islice
from random import Random

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from cities.models import SDG, City, Country, Region
from initiatives.models import Audience, Initiative, KeyFeature, Theme
from learningcities.publishing.models import Translations
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.search.models import Entry
from learningcities.text.folding import fold
from learningcities.text.translation import LANGUAGES, columns

#: What is done, for whom, and where: the same words in the three languages.
WHAT = [
    ("Cours du soir", "دروس مسائية", "Evening classes"),
    ("Bibliothèque de quartier", "مكتبة الحي", "Neighbourhood library"),
    ("Atelier numérique", "ورشة رقمية", "Digital workshop"),
    ("Alphabétisation", "محو الأمية", "Literacy"),
    ("Jardin-école", "حديقة مدرسية", "School garden"),
    ("Formation aux métiers", "تكوين مهني", "Vocational training"),
    ("Club de lecture", "نادي القراءة", "Reading club"),
    ("Université populaire", "جامعة شعبية", "People’s university"),
    ("École de la deuxième chance", "مدرسة الفرصة الثانية", "Second-chance school"),
    ("Caravane des sciences", "قافلة العلوم", "Science caravan"),
]
WHOM = [
    ("pour les femmes", "للنساء", "for women"),
    ("pour les jeunes", "للشباب", "for young people"),
    ("pour les aînés", "للمسنين", "for older people"),
    ("pour les artisans", "للصنّاع", "for artisans"),
    ("pour toutes et tous", "للجميع", "for everyone"),
    ("en milieu rural", "في الوسط القروي", "in rural areas"),
]
SAMPLE = ("Exemple inventé, pour les essais.", "مثال مختلق للتجريب.", "An invented example, for trials.")
BATCH = 2000


class Command(BaseCommand):
    help = (
        "Make invented, public cities and initiatives; without cities, initiatives of the cities that are public."
        " Example: manage.py make_samples --cities 40 --initiatives 1000"
    )

    def add_arguments(self, parser):
        parser.add_argument("--cities", type=count, default=20, help="how many new cities (20), 0 for none")
        parser.add_argument("--initiatives", type=count, default=300, help="how many initiatives (300)")
        parser.add_argument("--seed", type=int, default=1, help="the same number makes the same content (1)")

    @transaction.atomic
    def handle(self, *args, cities, initiatives, seed, verbosity, **options):
        if settings.PRODUCTION:
            raise CommandError("Invented content is refused on a production site.")
        self.random, self.seed = Random(seed), seed
        self.refuse_twice(City, cities)
        self.refuse_twice(Initiative, initiatives)
        colours = cycle(City.objects.active().colours())
        rows = City.objects.bulk_create(self.city(number, next(colours)) for number in range(cities))
        Entry.objects.bulk_create(Entry.of(city, title=all_of(city, "name"), rest=[str(city.region)]) for city in rows)
        Translations.objects.bulk_create(map(Translations.objects.new, rows))
        rows = rows or list(City.objects.published().order_by("pk"))
        if initiatives and not rows:
            raise CommandError("No city is public that initiatives could belong to: make some with --cities.")
        made = 0
        numbers = iter(range(initiatives))
        while batch := [self.initiative(number, rows) for number in islice(numbers, BATCH)]:
            Initiative.objects.bulk_create(batch)
            Entry.objects.bulk_create(
                Entry.of(row, title=all_of(row, "title"), summary=SAMPLE, rest=[str(row.city)]) for row in batch
            )
            Translations.objects.bulk_create(map(Translations.objects.new, batch))
            self.relate(batch)
            made += len(batch)
            if verbosity:
                self.stdout.write(f"\r{made} of {initiatives} initiatives", ending="")
        ContentVersion.lock_writes()
        ContentVersion.bump()
        if verbosity:
            self.stdout.write(f"\r{cities} cities and {made} initiatives made.")

    def refuse_twice(self, model, number):
        made = model._base_manager.filter(slug__in=[f"sample-{self.seed}-{n}" for n in (0, number - 1)])
        if number and made.exists():
            names = model._meta.verbose_name_plural
            raise CommandError(f"There are {names} of --seed {self.seed} already. Choose another seed, or 0 of them.")

    def city(self, number, colour):
        region = self.region(number % 12)
        names = (f"Ville {number}", f"مدينة {number}", f"Town {number}")
        city = City(
            slug=f"sample-{self.seed}-{number}",
            region=region,
            colour=colour,
            latitude=round(self.random.uniform(28, 35), 5),
            longitude=round(self.random.uniform(-11, -2), 5),
            public_from=moment(),
            **words("name", names),
            **words("summary", SAMPLE),
        )
        return self.sorted(city, names)

    def region(self, number):
        country, _made = Country.objects.get_or_create(
            code="zz", defaults={"unesco_region": "arab-states", **words("name", ("Exemple", "مثال", "Example"))}
        )
        return Region.objects.get_or_create(
            slug=f"sample-region-{number}",
            defaults={"country": country, **words("name", [f"{w} {number}" for w in ("Région", "جهة", "Region")])},
        )[0]

    def initiative(self, number, cities):
        what, whom = self.random.choice(WHAT), self.random.choice(WHOM)
        titles = [f"{kind} {audience} {number}" for kind, audience in zip(what, whom, strict=True)]
        start = self.random.randint(2005, 2025)
        initiative = Initiative(
            city=self.random.choice(cities),
            slug=f"sample-{self.seed}-{number}",
            status=self.random.choice(Initiative.Status.values),
            status_on="2025",
            start=str(start),
            end=self.random.choice(["", str(start + self.random.randint(0, 6))]),
            public_from=moment(),
            **words("title", titles),
            **words("summary", SAMPLE),
        )
        return self.sorted(initiative, titles)

    def sorted(self, row, names):
        """bulk_create calls no save, so what a row is sorted by is written here."""
        for language, name in zip(LANGUAGES, names, strict=True):
            setattr(row, f"sort_{language}", fold(name))
        return row

    def relate(self, initiatives):
        for name, model in (("themes", Theme), ("sdgs", SDG), ("audiences", Audience), ("key_features", KeyFeature)):
            keys = list(model.objects.values_list("pk", flat=True))
            through = Initiative._meta.get_field(name).remote_field.through
            column = f"{model._meta.model_name}_id"
            through.objects.bulk_create(
                through(initiative_id=initiative.pk, **{column: key})
                for initiative in initiatives
                for key in self.random.sample(keys, self.random.randint(1, 3))
            )


def count(text):
    if (number := int(text)) < 0:
        raise ArgumentTypeError("a number of rows is 0 or more")
    return number


def all_of(row, name):
    return [getattr(row, column) for column in columns(name)]


def words(name, texts):
    return {f"{name}_{language}": text for language, text in zip(LANGUAGES, texts, strict=True)}
