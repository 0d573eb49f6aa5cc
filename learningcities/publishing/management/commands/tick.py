from django.core.management.base import BaseCommand

from learningcities.publishing.version import content_version
from learningcities.publishing.workflow.change import Change


class Command(BaseCommand):
    help = (
        "Apply the scheduled changes that are due. The first visitor after their minute does the same. "
        "Example: manage.py tick"
    )

    def handle(self, *args, **options):
        changes = Change.objects.apply_due()
        applied = sum(change.state == Change.State.APPLIED for change in changes)
        summary = f"{applied} applied, {len(changes) - applied} returned to their authors"
        if waiting := Change.objects.due(content_version.moment()).count():
            summary += f", {waiting} kept back until the next try"
        self.stdout.write(f"{summary}.")
