"""What is found follows from what is written, in the same transaction."""

from django.apps import apps
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


def remember_who_names_it(instance, **_):
    """Once a row is gone, nothing says any more which rows were found by its words."""
    instance.named_in = list(rows_naming(instance))


# Of each model by itself: with a receiver for all of them, Django would read every row that it deletes.
for model in apps.get_models():
    if issubclass(model, Tracked):
        pre_delete.connect(remember_who_names_it, sender=model, dispatch_uid="remember who names it")


@receiver(recorded)
def follow_change(row, patch, snapshot, **_):
    if snapshot:
        reindex(row, patch)
    else:
        for naming in row.named_in:
            naming.index()
