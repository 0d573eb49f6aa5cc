from django.db import migrations

from learningcities.media.image_hash import fingerprint
from learningcities.text.folding import fold


def bring_up_to_date(apps, schema_editor):
    """Photos from before get the renditions of today, and the words and the fingerprint they are found by."""
    photos = apps.get_model("cities", "Photo").objects
    for photo in photos.exclude(file=""):
        said = [photo.alternative_fr, photo.alternative_ar, photo.alternative_en, photo.credit, photo.licence]
        found_by = {"words": fold(" ".join(filter(None, said)))}
        if photo.file.storage.exists(photo.file.name):
            photo.file.save_all()
            found_by["fingerprint"] = fingerprint(photo.file)
        photos.filter(pk=photo.pk).update(**found_by)


class Migration(migrations.Migration):
    dependencies = [("cities", "0005_media_library")]
    operations = [migrations.RunPython(bring_up_to_date, migrations.RunPython.noop)]
