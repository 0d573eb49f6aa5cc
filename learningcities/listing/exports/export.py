"""An answer on its way out: its rows, what is said of each, and where all of it comes from."""

from functools import cached_property
from pathlib import PurePosixPath

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language

from learningcities.pages.site import Site
from learningcities.publishing.clock import moment

from .columns import ADDRESS, printable


class Export:
    """`with_columns` fetches with a queryset all that the columns read, so that a batch is a few queries."""

    def __init__(self, request, filterset, columns, with_columns):
        self.request, self.filterset = request, filterset
        self.columns, self.with_columns = columns, with_columns
        self.language = get_language()
        self.today = timezone.localdate(moment())

    def __len__(self):
        return len(self.filterset.answer)

    def records(self):
        """Every row with its values, in the visitor's order."""
        return self.records_among(self.filterset.queryset)

    def newest(self, number):
        """The same for no more than the newest rows, still in the visitor's order."""
        keys = self.filterset.qs.order_by("-public_from", "-pk").values_list("pk", flat=True)[:number]
        return self.records_among(self.filterset.queryset.filter(pk__in=list(keys)))

    def records_among(self, queryset):
        for row in self.filterset.answer.through(self.with_columns(queryset)):
            yield row, self.record(row)

    def record(self, row):
        """Its values by their keys; an address that leaves the site is a whole one."""
        values = {column.key: column.read(row) for column in self.columns}
        return values | {ADDRESS.key: self.request.build_absolute_uri(values[ADDRESS.key])}

    def categories(self, record):
        """What a row is about, in words."""
        return [name for column in self.columns if column.is_category for name in record[column.key]]

    @cached_property
    def name(self):
        return str(capfirst(self.filterset.queryset.model._meta.verbose_name_plural))

    @cached_property
    def title(self):
        """The list and the filters in use, in words."""
        return printable(" · ".join([self.name, *(str(chip.label) for chip in self.filterset.chips)]))

    @cached_property
    def publisher(self):
        return Site().text.get("site_name") or self.request.get_host()

    @property
    def file_name(self):
        """Named as the list is in its address, with the day."""
        return f"{PurePosixPath(self.request.path).name}-{self.today.isoformat()}"

    @property
    def address(self):
        """The page that shows the same list."""
        query = self.filterset.query_string
        return self.request.build_absolute_uri(self.request.path + (f"?{query}" if query else ""))

    def address_as(self, format_name):
        return self.request.build_absolute_uri(f"{self.request.path}?{self.filterset.prefix}format={format_name}")
