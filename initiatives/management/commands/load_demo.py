"""Load the starting content: the three cities, their initiatives, the pages and texts of the site."""

from itertools import zip_longest
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils.html import linebreaks

from cities.models import City, Country, LearningPlace, Region
from initiatives.models import Initiative
from learningcities.pages.models import MenuLink, Page, SiteText
from learningcities.people.models import User
from learningcities.publishing.history.tracking import track_changes
from learningcities.publishing.items.seed_data import key, read
from learningcities.publishing.models import Item
from learningcities.search.models import Synonym
from learningcities.text.richtext import RichTextField

CONTENT = Path(__file__).parents[2] / "starting_content"
#: How a row of another model is named in the files.
NAMED_BY = {"Country": "code", "SDG": "number", "Axis": "title_fr"}
ACCOUNTS = ["admin", "coordinator", "editor-benguerir", "editor-chefchaouen", "editor-laayoune"]


def of_city(tables, name):
    return [row | {"city": tables["city"]["slug"]} for row in tables.get(name, [])]


class Command(BaseCommand):
    help = (
        "Load the starting content of the site. What is there already, or was changed since, stays as it is. "
        "Example: manage.py load_demo --accounts"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--accounts", action="store_true", help="also make the demo accounts, all with the password “demo”"
        )

    @transaction.atomic
    def handle(self, *args, accounts, verbosity, **options):
        if accounts and settings.PRODUCTION:
            raise CommandError("Demo accounts have a known password: they are refused on a production site.")
        self.added = 0
        self.load_network()
        self.load_cities([tables for path in sorted(CONTENT.glob("*.toml")) if "city" in (tables := read(path))])
        if accounts:
            self.make_accounts()
        if verbosity:
            self.stdout.write(f"Starting content: {self.added} added; what was there is as it was.")

    def load_network(self):
        tables = read(CONTENT / "network.toml") | read(CONTENT / "pages.toml")
        for model, table in ((Country, "countries"), (Region, "regions"), (Page, "pages"), (SiteText, "texts")):
            for row in tables[table]:
                self.put(model, row)
        for position, row in enumerate(tables["menu"], start=1):
            target = row.pop("target")
            name = f"{row['place']}:{target}"
            if target.startswith("page:"):
                row["page"] = target.removeprefix("page:")
            else:
                row["target"] = target if target in MenuLink.Target.values else f"{target}:list"
            self.put(MenuLink, row | {"position": position}, name)
        for name, words in read(CONTENT / "synonyms.toml")["synonyms"].items():
            self.put(Synonym, {"words": words}, name)

    def load_cities(self, files):
        for tables in files:
            self.put(City, tables["city"])
            for row in of_city(tables, "places"):
                self.put(LearningPlace, row)
        # One of each city in turn, so that the newest are not all of the last.
        for rows in zip_longest(*(of_city(tables, "initiatives") for tables in files)):
            for row in filter(None, rows):
                self.put(Initiative, row)

    def put(self, model, row, name=None):
        """Add one row with its relations and parts and publish it, unless it is there, be it in the bin."""
        name = name or str(next(row[field] for field in ("slug", "code", "key") if field in row))
        uuid = key(model._meta.model_name, name)
        if model.objects.filter(uuid=uuid).exists():
            return
        new = model(uuid=uuid)
        with track_changes(new):
            self.fill(new, row)
        if isinstance(new, Item):
            new.publish()
        self.added += 1

    def fill(self, new, words):
        """Give a new row its fields, save it, then its relations and parts."""
        later = {}
        for name, value in words.items():
            field = new._meta.get_field(name)
            if isinstance(value, list):
                later[field] = value
            elif field.is_relation:
                setattr(new, name, self.named(field.related_model, value))
            else:
                setattr(new, name, self.rich(value) if isinstance(field, RichTextField) else value)
        new.full_clean()
        new.save()
        for field, value in later.items():
            if field.many_to_many:
                getattr(new, field.name).set([self.named(field.related_model, name, new) for name in value])
            else:
                self.add_parts(new, field, value)

    def add_parts(self, item, field, rows):
        fields = {part_field.name for part_field in field.related_model._meta.fields}
        for position, row in enumerate(rows, start=1):
            order = {"position": position} if "position" in fields else {}
            part = field.related_model(pk=key(str(item.uuid), field.name, str(position)), **{field.field.name: item})
            self.fill(part, row | order)

    def named(self, model, name, owner=None):
        rows = model.objects.filter(**{NAMED_BY.get(model.__name__, "slug"): name})
        if model.__name__ == "Axis":
            rows = rows.filter(city=owner.city)
        return rows.get()

    @staticmethod
    def rich(text):
        """Paragraphs are separated by an empty line; one that is HTML already stays."""
        blocks = text.split("\n\n")
        return "\n\n".join(block if block.startswith("<") else linebreaks(block) for block in blocks)

    def make_accounts(self):
        for name in ACCOUNTS:
            if User.objects.filter(username=name).exists():
                continue
            role = User.Role.EDITOR if name.startswith("editor") else User.Role.COORDINATOR
            user = User.objects.create_user(
                name, password="demo", is_staff=True, role=role, is_superuser=name == "admin"
            )
            if role == User.Role.EDITOR:
                City.objects.get(uuid=key("city", name.removeprefix("editor-"))).editors.add(user)
