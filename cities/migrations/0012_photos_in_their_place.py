from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0011_measure_covers"),
    ]

    operations = [
        migrations.AddField(
            model_name="city",
            name="cover_alternative_ar",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the cover photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="city",
            name="cover_alternative_en",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the cover photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="city",
            name="cover_alternative_fr",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the cover photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="cityphoto",
            name="alternative_ar",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="cityphoto",
            name="alternative_en",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="cityphoto",
            name="alternative_fr",
            field=models.CharField(
                blank=True,
                help_text="Only where it has something else to say here than in the library.",
                max_length=250,
                verbose_name="what the photo shows here",
            ),
        ),
        migrations.AddField(
            model_name="cityphoto",
            name="caption_ar",
            field=models.CharField(
                blank=True,
                help_text="A sentence below the photo, if it needs one.",
                max_length=250,
                verbose_name="caption",
            ),
        ),
        migrations.AddField(
            model_name="cityphoto",
            name="caption_en",
            field=models.CharField(
                blank=True,
                help_text="A sentence below the photo, if it needs one.",
                max_length=250,
                verbose_name="caption",
            ),
        ),
        migrations.AddField(
            model_name="cityphoto",
            name="caption_fr",
            field=models.CharField(
                blank=True,
                help_text="A sentence below the photo, if it needs one.",
                max_length=250,
                verbose_name="caption",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="consent",
            field=models.TextField(
                blank=True,
                help_text="Whom the photo shows, what they agreed to, and where that is written. Visitors never see it.",
                verbose_name="consent",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="consent_until",
            field=models.DateField(
                blank=True,
                help_text="The last day of the consent. Empty: it has no end. You are told a month before.",
                null=True,
                verbose_name="consent until",
            ),
        ),
    ]
