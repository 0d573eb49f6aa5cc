"""The Clock: which state of the public content is being shown."""

import secrets

from django.db import models
from django.utils import timezone


def new_stamp():
    """Random, so that a rolled-back write never shares a stamp with a later truth."""
    return secrets.token_hex(8)


def moment():
    """The time as publication sees it; nobody else asks what time it is."""
    return timezone.now()


class Clock(models.Model):
    """One row: a stamp that is new after every change of public content."""

    id = models.SmallAutoField(primary_key=True)
    stamp = models.CharField(max_length=16, default=new_stamp)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_is_one_row")]

    def __str__(self):
        return self.stamp

    @classmethod
    def hold(cls):
        """Let one writer of content at a time through, until the transaction ends."""
        return cls.objects.select_for_update().get_or_create(id=1)[0]

    @classmethod
    def renew(cls):
        """Give what is public a new stamp: the last act of a transaction that changed it."""
        cls.objects.filter(id=1).update(stamp=new_stamp())
