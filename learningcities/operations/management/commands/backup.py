from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from learningcities.operations import backup


class Command(BaseCommand):
    help = (
        "Write all rows and files of the site into one archive with checksums, while it is in use. "
        "Example: manage.py backup --keep 14"
    )

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=settings.VAR_DIR / "backups", help="where to write it")
        parser.add_argument("--keep", type=int, default=14, help="how many archives stay in the folder (14)")

    def handle(self, *args, folder, keep, verbosity, **options):
        if keep < 1:
            raise CommandError("At least one archive stays: --keep 1.")
        try:
            path = backup.make(folder, keep, self.stdout.write if verbosity > 1 else lambda line: None)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path} ({path.stat().st_size / 2**20:.1f} MB)")
