import sys

from django.core.management import BaseCommand

from learningcities.operations.doctor import findings


class Command(BaseCommand):
    help = (
        "Say in plain words what the site lacks and what is weak. The exit code is 1 when something is broken. "
        "Example: manage.py doctor"
    )

    requires_system_checks = []

    def handle(self, *args, **options):
        is_broken = False
        for part, broken, weak in findings():
            is_broken |= bool(broken)
            mark = self.style.ERROR("broken") if broken else self.style.WARNING("weak  ") if weak else "ok    "
            self.stdout.write(f"{mark}  {part:<18} {broken or weak}".rstrip())
        if is_broken:
            sys.exit(1)
