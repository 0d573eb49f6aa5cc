from getpass import getpass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from learningcities.people.models import User


class Command(BaseCommand):
    help = (
        "Make the first account: a coordinator who may do everything, and who invites the others. "
        "Example: manage.py first_administrator amina amina@example.org"
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="what is typed to log in")
        parser.add_argument("mail", help="where messages of the site go")

    def handle(self, *args, name, mail, **options):
        if User.objects.filter(is_superuser=True, is_active=True).exists():
            raise CommandError("There is an administrator already. Further people are added on the site itself.")
        person = User(username=name, email=mail, role=User.Role.COORDINATOR, is_staff=True, is_superuser=True)
        password = asked("Password: ")
        try:
            validate_password(password, person)
            person.set_password(password)
            person.full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if asked("Once more: ") != password:
            raise CommandError("The two passwords are not the same.")
        person.save()
        self.stdout.write(f"{name} can log in at {settings.SITE_ADDRESS}/admin/.")
        if settings.SECOND_FACTOR_REQUIRED:
            self.stdout.write("The first login asks for a second factor: have an app for codes, or a passkey, at hand.")


def asked(prompt):
    try:
        return getpass(prompt)
    except EOFError as error:
        raise CommandError("The password is asked for on a terminal, and there is none here.") from error
