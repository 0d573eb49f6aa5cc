"""What the pages beside an item's own have in common: its name with its state, and the ways to its other pages."""

from django.shortcuts import get_object_or_404
from django.utils.http import urlencode

from learningcities.desk.pill import pill_of
from learningcities.publishing.items.item import Item, owner_path
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.comment import Comment
from learningcities.publishing.workflow.steps import Situation
from learningcities.publishing.workflow.way_back import is_drafted

from .state_line import dates


class PageBesideItem:
    """One person at one page beside an item that they may see."""

    def __init__(self, row_admin, request, object_id):
        self.admin, self.request, self.user = row_admin, request, request.user
        self.model, self.is_item = row_admin.model, issubclass(row_admin.model, Item)
        self.item = get_object_or_404(row_admin.get_queryset(request), pk=object_id)
        self.situation = Situation(self.user, self.item)

    def address(self, place=""):
        """The page of what happened, at a moment of it."""
        address = self.admin.admin_site.address(self.item, "happened")
        return f"{address}?{urlencode({'at': place})}#{place}" if place else address

    @property
    def colour(self):
        """That of the city to which it belongs."""
        path = owner_path(self.model)
        return getattr(getattr(self.item, path, None) if path else self.item, "colour", "")

    def frame(self, title):
        site, item = self.admin.admin_site, self.item
        return {
            **site.each_context(self.request),
            "title": title % item,
            "opts": self.admin.opts,
            "original": item,
            "colour": self.colour,
            "pill": pill_of(item, Change.objects.mine(item, self.user)) if self.is_item else None,
            "dates": dates(item) if self.is_item else (),
            "online": site.site_address(item),
            "is_binned": self.is_item and self.situation.is_binned,
            "is_drafted": is_drafted(item),
            "comments": list(Comment.objects.of(item).open()) if self.is_item else (),
        }
