from pathlib import Path

from django.db import migrations

from learningcities.publishing.items.seed_data import rows_of

MODELS = {"sdgs": "SDG", "place_kinds": "PlaceKind", "indicators": "Indicator"}


class Migration(migrations.Migration):
    dependencies = [("cities", "0002_initial")]

    operations = [rows_of(Path(__file__).with_name("starting_vocabularies.toml"), "cities", MODELS)]
