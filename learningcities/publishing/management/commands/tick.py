from django.core.management.base import BaseCommand

from learningcities.publishing.change import Change


class Command(BaseCommand):
    help = (
        "Apply the scheduled changes that are due. The first visitor after their minute does the same. "
        "Example: manage.py tick"
    )

    def handle(self, *args, **options):
        changes = Change.objects.apply_due()
        applied = sum(change.state == Change.State.APPLIED for change in changes)
        self.stdout.write(f"{applied} applied, {len(changes) - applied} returned to their authors.")
