from django.core.management import BaseCommand

from learningcities.operations.unused_files import doubtful_items, inspect_items, uninspected_items


class Command(BaseCommand):
    help = (
        "Look at the documents of the library by the rules of today, and name those that would not be taken. "
        "`manage.py tidy` looks at them too; the staff find them in the list of what needs care. "
        "Example: manage.py inspect_documents"
    )

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="also those that were looked at already")

    def handle(self, *args, again, **options):
        done = inspect_items(uninspected_items(again))
        self.stdout.write(f"{done:>6} documents were looked at.")
        for item in doubtful_items():
            self.stdout.write(f"{item.pk:>6} {item}: {item.doubt_shown}")
