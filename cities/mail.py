"""The monthly letter to those who edit cities: what needs their care, and where to see it."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, override

from learningcities.care.issue_list import OwnIssues
from learningcities.care.issues import INCOMPLETE, issue_types
from learningcities.care.models import Reminder
from learningcities.desk.boards.care import care_address
from learningcities.people.models import User
from learningcities.publishing.version.content_version import moment

from .models import City

logger = logging.getLogger(__name__)


def write_to_editors():
    """Write to each editor whose cities need care and who has had no letter this month; the number of letters."""
    month = localdate(moment()).replace(day=1)
    people = User.objects.filter(is_active=True, is_staff=True, cities__isnull=False).exclude(email="").distinct()
    written = Reminder.objects.filter(month=month).values("person")
    return sum(is_written_to(person, month) for person in people.exclude(pk__in=written).order_by("pk"))


def is_written_to(person, month):
    """Whether someone was written to; one address that fails keeps no other from its letter."""
    try:
        return write_to(person, month)
    except OSError:
        logger.warning("The letter to %s could not be sent", person.pk, exc_info=True)
        return False


def write_to(person, month):
    with override(person.language):
        if not (cities := needing(person)):
            return False
        subject = gettext("What your city's pages need this month")
        context = {"person": person, "cities": cities, "desk": settings.SITE_ADDRESS + reverse("admin:index")}
        body = render_to_string("cities/care_mail.txt", context)
    # Who isn't reached has no letter, and is written to the next time.
    with transaction.atomic():
        Reminder.objects.create(person=person, month=month)
        EmailMessage(subject, body, to=[person.email]).send()
    return True


def needing(person):
    """Their cities that need care, each with the name, the number and the address of every type of issue."""
    issues, cities = OwnIssues(person), []
    for city in City.objects.filter(editors=person).active():
        lines = [
            (issue_type.label, number, settings.SITE_ADDRESS + care_address(kind=issue_type, city=city.pk))
            for issue_type in issue_types()
            # What is always there to be improved is no reason to write.
            if issue_type is not INCOMPLETE and (number := issues.count(issue_type, city.pk))
        ]
        if lines:
            cities.append((city, lines))
    return cities
