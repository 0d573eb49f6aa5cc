"""What is found follows from what is written, in the same transaction."""

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from learningcities.publishing.history.signals import recorded
from learningcities.publishing.history.tracked_models import Tracked

from .database import has_table, make_trigrams
from .indexed import index_missing, reindex, rows_naming


def prepare(using="default", **_):
    """After a migration: the index of the database, and an entry for each row that has none yet."""
    if has_table(using):
        make_trigrams(using)
        index_missing()


@receiver(pre_delete)
def remember_who_names_it(instance, **_):
    """Once a row is gone, nothing says any more which rows were found by its words."""
    if isinstance(instance, Tracked):
        instance.named_in = list(rows_naming(instance))


@receiver(recorded)
def follow_change(row, patch, snapshot, **_):
    if snapshot:
        reindex(row, patch)
    else:
        for naming in row.named_in:
            naming.index()
