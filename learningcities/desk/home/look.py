"""How a row is shown on the desk: its name, the tile that it is found by, and the colour of its city."""

from dataclasses import dataclass

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from learningcities.publishing.items.item import item_kinds, owner_of, owner_path
from learningcities.text.dates import near_moment


@dataclass
class Shown:
    row: object

    @property
    def name(self):
        """In the reader's language or, as a Text that knows its own, in another."""
        return str(self.row) or _("Without a title yet")

    @property
    def when(self):
        """In words, of what has a moment."""
        return near_moment(self.at)

    @cached_property
    def owner(self):
        return owner_of(self.row)

    @property
    def owner_name(self):
        """The city that it belongs to, where that is another row."""
        return "" if self.owner in (None, self.row) else self.owner

    @property
    def colour(self):
        return getattr(self.owner, "colour", "")

    @property
    def seed(self):
        """What its tile is drawn from, as on the site."""
        return getattr(self.row, "slug", "") or f"{self.row._meta.model_name}-{self.row.pk}"


def with_items(rows):
    """The rows with the items that they are about, and the owners of these: a query for each kind."""
    owned = [kind for kind in item_kinds() if owner_path(kind)]
    querysets = [kind._base_manager.select_related(owner_path(kind)) for kind in owned]
    return rows.prefetch_related(GenericPrefetch("item", querysets))
