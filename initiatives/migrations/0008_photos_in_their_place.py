from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0007_measure_covers"),
    ]

    operations = [
        migrations.AddField(
            model_name="initiative",
            name="cover_alternative_ar",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the cover photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="cover_alternative_en",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the cover photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="cover_alternative_fr",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the cover photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="initiativephoto",
            name="alternative_ar",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="initiativephoto",
            name="alternative_en",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="initiativephoto",
            name="alternative_fr",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="initiativephoto",
            name="caption_ar",
            field=models.CharField(
                blank=True,
                help_text="A sentence below the photo, if it needs one.",
                max_length=250,
                verbose_name="caption",
            ),
        ),
        migrations.AddField(
            model_name="initiativephoto",
            name="caption_en",
            field=models.CharField(
                blank=True,
                help_text="A sentence below the photo, if it needs one.",
                max_length=250,
                verbose_name="caption",
            ),
        ),
        migrations.AddField(
            model_name="initiativephoto",
            name="caption_fr",
            field=models.CharField(
                blank=True,
                help_text="A sentence below the photo, if it needs one.",
                max_length=250,
                verbose_name="caption",
            ),
        ),
    ]
