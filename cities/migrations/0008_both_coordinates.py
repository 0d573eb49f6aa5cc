from django.db import migrations, models

ON_EARTH = models.Q(latitude__isnull=True, longitude__isnull=True) | models.Q(
    latitude__isnull=False,
    longitude__isnull=False,
    latitude__range=(-90, 90),
    longitude__range=(-180, 180),
)
SENTENCE = "Give both coordinates in degrees: latitude -90 to 90, longitude -180 to 180."
KINDS = ("city", "learningplace")


def empty_lone_coordinates(apps, schema_editor):
    """Where only one coordinate was stored, it goes: no map ever showed it. What a city lacks is looked at again."""
    lone = models.Q(latitude__isnull=True) ^ models.Q(longitude__isnull=True)
    for kind in KINDS:
        model = apps.get_model("cities", kind)
        unknown = {"lacks": None} if kind == "city" else {}
        model.objects.filter(lone).update(latitude=None, longitude=None, **unknown)


class Migration(migrations.Migration):
    dependencies = [("cities", "0007_city_lacks")]

    operations = [
        migrations.RunPython(empty_lone_coordinates, migrations.RunPython.noop),
        *[migrations.RemoveConstraint(model_name=kind, name=f"{kind}_coordinates_on_earth") for kind in KINDS],
        *[
            migrations.AddConstraint(
                model_name=kind,
                constraint=models.CheckConstraint(
                    condition=ON_EARTH, name=f"{kind}_coordinates_on_earth", violation_error_message=SENTENCE
                ),
            )
            for kind in KINDS
        ],
    ]
