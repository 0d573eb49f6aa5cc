from pathlib import Path

from django.core.management import BaseCommand, CommandError

from learningcities.operations import backup
from learningcities.people import factors


class Command(BaseCommand):
    help = (
        "Bring a backup into an empty site, on the same database or another one; nothing is touched before its "
        "checksums are right. Example: manage.py restore var/backups/site-2026-11-24-030000.tar.gz"
    )

    # The tables may not be there yet.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="empty the database first, whatever is in it")

    def handle(self, *args, file, replace, verbosity, **options):
        try:
            backup.restore(file, replace, self.stdout.write if verbosity else lambda line: None)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        if sentence := factors.warning():
            self.stderr.write(sentence)
        if verbosity:
            self.stdout.write("The site is as it was. Restart the server.")
