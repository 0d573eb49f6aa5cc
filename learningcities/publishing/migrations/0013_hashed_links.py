"""The links of previews are kept as hashes only, also in the pages that are stored with them."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from django.db import migrations


def hash_links(apps, schema_editor):
    for preview in apps.get_model("publishing", "Preview").objects.iterator(chunk_size=10):
        inside = f"/preview/{preview.token}/"
        preview.pages = {language: html.replace(inside, "../") for language, html in preview.pages.items()}
        digest = sha256(preview.token.encode()).digest()
        preview.token = urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
        preview.save(update_fields=["pages", "token"])


class Migration(migrations.Migration):
    dependencies = [("publishing", "0012_holds")]

    operations = [migrations.RunPython(hash_links, migrations.RunPython.noop)]
