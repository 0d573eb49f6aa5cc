"""What makes the search quick in each database: trigrams, by FTS5 in SQLite and by pg_trgm in PostgreSQL.

Without them every answer is the same, only slower. They are made after each migration, since SQLite loses
the triggers of a table that a migration makes anew.
"""

from functools import cache
from itertools import compress
from operator import not_

from django.db import DatabaseError, connections, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL

TABLE, INDEX = "search_entry", "search_entry_trigrams"
COLUMNS = ("title", "summary", "rest")
EVENTS = ("insert", "delete", "update")
#: The index knows three letters at a time, and a needle's space is one of them.
SHORTEST = 3


def has_table(using):
    return TABLE in connections[using].introspection.table_names()


def make_trigrams(using):
    connection = connections[using]
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[connection.vendor]
    try:
        with transaction.atomic(using), connection.cursor() as cursor:
            for statement in statements(cursor):
                cursor.execute(statement)
    except DatabaseError:
        # An SQLite without FTS5 or a PostgreSQL without the extension: the search reads every entry.
        pass
    has_trigrams.cache_clear()


def sqlite_statements(cursor):
    cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
    if cursor.fetchone()[0] == len(EVENTS) and INDEX in cursor.db.introspection.table_names(cursor):
        return
    names = ", ".join(COLUMNS)
    old, new = (", ".join(f"{side}.{name}" for name in COLUMNS) for side in ("old", "new"))
    forget = f"INSERT INTO {INDEX}({INDEX}, rowid, {names}) VALUES ('delete', old.id, {old});"
    learn = f"INSERT INTO {INDEX}(rowid, {names}) VALUES (new.id, {new});"
    yield (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5"
        f"({names}, content='{TABLE}', content_rowid='id', tokenize='trigram')"
    )
    for event, body in zip(EVENTS, (learn, forget, forget + learn), strict=True):
        yield f"CREATE TRIGGER IF NOT EXISTS {INDEX}_{event} AFTER {event} ON {TABLE} BEGIN {body} END"
    yield f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')"


def postgresql_statements(cursor):
    yield "CREATE EXTENSION IF NOT EXISTS pg_trgm"
    for name in COLUMNS:
        yield f"CREATE INDEX IF NOT EXISTS {INDEX}_{name} ON {TABLE} USING gin ({name} gin_trgm_ops)"


@cache
def has_trigrams(using):
    return INDEX in connections[using].introspection.table_names()


def index_conditions(query, columns, some, using):
    """The condition that columns have all units of a query, or some, by SQLite's index; and the units it can't tell of.

    PostgreSQL's planner uses its own index by itself.
    """
    known = [all(len(needle) >= SHORTEST for needle in pattern.needles) for pattern in query.patterns]
    if connections[using].vendor != "sqlite" or not any(known) or not has_trigrams(using):
        return [], query.units
    units = [either(both(either(map(quoted, word)) for word in words) for words in unit) for unit in query.units]
    match = f"{{{' '.join(columns)}}} : {(either if some else both)(compress(units, known))}"
    rows = RawSQL(f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s", [match])
    return [Q(pk__in=rows)], list(compress(query.units, map(not_, known)))


def both(terms):
    return f"({' AND '.join(terms)})"


def either(terms):
    return f"({' OR '.join(terms)})"


def quoted(needle):
    return '"' + needle.replace('"', '""') + '"'
