"""Whether anything was written, and whether it is still so."""

import hashlib
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction


def digest(*left_out):
    """Of every row of every table, but those that say who logs in, and those of apps that are left out; what someone
    says that they have read is theirs alone to say.
    """
    found = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        names = {model._meta.app_label, model._meta.label_lower}
        if not names & {"sessions", "usersessions", "people.attempt", "people.auditentry", *left_out}:
            columns = [field.attname for field in model._meta.concrete_fields if field.name != "news_read"]
            rows = list(model._base_manager.order_by("pk").values_list(*columns))
            found.update(repr((model._meta.label, rows)).encode())
    return found.hexdigest()


@contextmanager
def writes():
    """The statements that write, also those that are undone again: only after some is a digest worth its time."""
    written = []

    def note(execute, sql, *rest):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield written


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
