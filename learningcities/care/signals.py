"""What care follows from a change: what a page lacks, and where links are written."""

from django.dispatch import receiver

from learningcities.publishing.history.signals import recorded

from .completeness import measure
from .models import Mention


@receiver(recorded)
def follow_change(row, key, patch, snapshot, **_):
    Mention.objects.follow(row, key, patch)
    if snapshot:
        measure(row)
