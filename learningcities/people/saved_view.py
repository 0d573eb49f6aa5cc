"""A list of the desk as someone has filtered, searched and ordered it, under a name of theirs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.text import plain_text


class SavedView(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    #: The model whose list it is, such as "cities.city".
    model = models.CharField(max_length=100)
    name = plain_text.CharField(_("name"), max_length=60)
    #: What follows the question mark of the list's address.
    query = models.CharField(max_length=bounds.SAVED_VIEW_CHARACTERS)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "model", "name"], name="saved_view_name_once")]

    def __str__(self):
        return self.name
