from pathlib import Path

from django.db import migrations

from learningcities.publishing.items.seed_data import rows_of

MODELS = {"themes": "Theme", "key_features": "KeyFeature", "audiences": "Audience"}


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial")]

    operations = [rows_of(Path(__file__).with_name("starting_vocabularies.toml"), "initiatives", MODELS)]
