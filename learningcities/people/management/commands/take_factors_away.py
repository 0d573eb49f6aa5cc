from allauth.mfa.models import Authenticator
from django.core.management import BaseCommand, CommandError

from learningcities.people import factors
from learningcities.people.models import AuditEntry, User


class Command(BaseCommand):
    help = (
        "Take second factors away: of the people who are named or, without a name, those that were encrypted with "
        "another key. Their next login asks for the password alone. Example: manage.py take_factors_away amina"
    )

    def add_arguments(self, parser):
        parser.add_argument("name", nargs="*", help="user names")

    def handle(self, *args, name, **options):
        for username in name or factors.unreadable():
            person = User.objects.filter(username=username).first()
            if not person:
                raise CommandError(f"Nobody has the user name {username}.")
            if Authenticator.objects.filter(user=person).delete()[0]:
                AuditEntry.record(AuditEntry.Kind.FACTOR_REMOVED, person)
            self.stdout.write(f"{username} has no second factor any more.")
