from django.core.management import BaseCommand

from learningcities.operations.chores import tidy


class Command(BaseCommand):
    help = (
        "Empty the bin, delete what belongs to nothing or has ended, forget personal data, send kept letters again. "
        "The first visit of the staff on a day does the same. Example: manage.py tidy --dry-run"
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args, dry_run, **options):
        for name, number in tidy(dry_run).items():
            self.stdout.write(f"{number:>6} {name}")
        if dry_run:
            self.stdout.write("Nothing was changed.")
