"""The answer to a list's filters as it is exported: its rows with their columns, its title and its source."""

from itertools import islice
from pathlib import PurePosixPath

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language
from pyroaring import BitMap

from learningcities.facets.result_set import ResultSet
from learningcities.pages.site_texts import Site
from learningcities.publishing.version.content_version import moment

from .columns import ADDRESS, in_files, printable

#: How many rows are read together.
BATCH = 500


class Export:
    """`with_columns` fetches with a queryset what the columns read of a row itself."""

    def __init__(self, request, filterset, columns, with_columns):
        self.request, self.filterset = request, filterset
        self.columns, self.with_columns = in_files(columns), with_columns
        self.language = get_language()
        self.today = timezone.localdate(moment())

    def __len__(self):
        return len(self.filterset.answer)

    def records(self, *keys):
        """Every row with its values, in the visitor's order; only the values named, and the categories, if any is."""
        return self.records_of(self.filterset.answer, keys)

    def newest(self, number, *keys):
        """The same for no more than the newest rows, still in the visitor's order."""
        order = self.filterset.facet_index.order("-public_from", "-id")
        newest = BitMap(order.cut(self.filterset.matching(), 0, number))
        answer = self.filterset.answer
        newest = ResultSet(answer.queryset, answer.order, *(rows & newest for rows in answer.sets))
        return self.records_of(newest, keys)

    def records_of(self, answer, keys):
        columns = [column for column in self.columns if not keys or column.name in keys or column.is_category]
        rows = answer.through(self.with_columns(self.filterset.queryset), BATCH)
        while batch := list(islice(rows, BATCH)):
            values = zip(*(column.read(batch) for column in columns), strict=True)
            for row, row_values in zip(batch, values, strict=True):
                record = dict(zip((column.name for column in columns), row_values, strict=True))
                record[ADDRESS.name] = self.root + record[ADDRESS.name]
                yield row, record

    @cached_property
    def root(self):
        """What makes an address that leaves the site a whole one."""
        return self.request.build_absolute_uri("/").removesuffix("/")

    def categories(self, record):
        """What a row is about, in words."""
        values = [record[column.name] for column in self.columns if column.is_category]
        return [name for value in values for name in (value if isinstance(value, list) else [value])]

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
