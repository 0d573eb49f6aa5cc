"""How long pages take as the content grows: `make bench`, or `python -m tests.benchmarks 1000 100000`.

Each database and size is measured by a process of its own (measure.py); here they are started and compared.
"""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, run
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

SIZES = [1_000, 10_000, 100_000]
FOLDER = Path(os.environ.get("VAR_DIR", Path(__file__).parents[2] / "var")) / "bench"
#: Where PostgreSQL is tried, unless the environment says; a database of its own is made there and dropped.
POSTGRESQL = (
    os.environ.get("TEST_POSTGRESQL_URL")
    or os.environ.get("DATABASE_URL")
    or f"postgres://postgres:{os.environ.get('PGPASSWORD', '')}@127.0.0.1:5432/postgres"
)


def say(text):
    sys.stderr.write(f"{text}\n")


@contextmanager
def sqlite(rows):
    """A file that is kept, since making the content takes longer than measuring it."""
    yield f"sqlite:///{FOLDER / f'{rows}.sqlite3'}"


@contextmanager
def postgresql(rows):
    name = f"learningcities_bench_{rows}_{os.getpid()}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield urlsplit(POSTGRESQL)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(SQL("DROP DATABASE {}").format(Identifier(name)))


def has_postgresql():
    if not POSTGRESQL.startswith("postgres"):
        return False
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        say(f"PostgreSQL is left out: {error}")
        return False
    return True


def measured(database, rows, is_largest):
    """What measure.py says of one database with so many initiatives and, of the largest, what served.py does."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with database(rows) as url:
        say(f"{database.__name__}, {rows:,} initiatives: making what is missing, then measuring ...")
        surroundings = os.environ | {"MODE": "demo", "VAR_DIR": str(FOLDER), "DATABASE_URL": url}

        def told(module, *arguments):
            command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
            return json.loads(run(command, env=surroundings, stdout=PIPE, check=True, text=True).stdout or "[]")  # noqa: S603

        measured = told("measure", str(rows))
        return measured["times"], [*told("served"), *measured["queries"]] if is_largest else []


def table(database, sizes, columns):
    """Milliseconds at each size, what the smallest and the largest take in hello-worlds, and the growth of that."""
    head = [database.__name__, *(f"{rows:,}" for rows in sizes), "in hello-worlds", "growth"]
    lines = [head]
    for cells in zip(*columns, strict=True):
        (name, _milliseconds, few), (_name, _milliseconds, many) = cells[0], cells[-1]
        took = [f"{one:.1f}" if one < 100 else f"{one:,.0f}" for _name, one, _hellos in cells]
        lines.append([name, *took, f"{few:,.0f} → {many:,.0f}", f"{many / few:.2f}"])
    return markdown(lines)


def markdown(lines):
    head, *rest = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---", *["---:"] * (len(head) - 1)], *rest])


def ratios(database, rows, found):
    """What the site answers for each answer of the other, beside what is asked for."""
    head = [f"{database.__name__}, {rows:,}", "found", "target", "better"]
    lines = [[name, f"{value:.3g}", said(target), said(better)] for name, value, target, better in found]
    return markdown([head, *lines])


def said(target):
    return "" if target is None else f"{target:g}"


def main(sizes):
    sizes = sorted(set(sizes or SIZES))
    for database in [sqlite, postgresql] if has_postgresql() else [sqlite]:
        told = [measured(database, rows, rows == sizes[-1]) for rows in sizes]
        columns, found = [times for times, _found in told], told[-1][1]
        sys.stdout.write(f"\nMedian milliseconds, {os.cpu_count()} cores\n\n{table(database, sizes, columns)}\n")
        if found:
            sys.stdout.write(
                f"\nAnswers for each answer of what it is compared with\n\n{ratios(database, sizes[-1], found)}\n"
            )


main([int(rows) for rows in sys.argv[1:]])
