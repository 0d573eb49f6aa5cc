from django.conf import settings
from django.core.management.base import BaseCommand

from cities.mail import write_to_editors


class Command(BaseCommand):
    help = (
        "Write to the editors of each city what needs their care, once a month at most, if CARE_MAIL is on. "
        "For example, on the first of each month: 0 8 1 * * manage.py mail_care"
    )

    def handle(self, *args, **options):
        if not settings.CARE_MAIL:
            self.stdout.write("The monthly letters are off. Say CARE_MAIL=on in .env to send them.")
            return
        self.stdout.write(f"{write_to_editors()} letters sent.")
