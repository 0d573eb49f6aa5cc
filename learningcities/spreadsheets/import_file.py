"""The rows of a file by the sheet that they stand on, and the items that they are about."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from learningcities.publishing.items.item import Item
from learningcities.publishing.items.slugs import slug_field
from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.patches.snapshot import plain, tracked_fields
from learningcities.text.translation import columns, listed

from .import_row import ImportRow, Place
from .sheet import ITEM, sheets_of


class ImportFile:
    """A file that a member of staff has sent for a list: `rows` is what it wants of each item."""

    def __init__(self, model_admin, request, grids):
        self.admin, self.request, self.user = model_admin, request, request.user
        self.model = model_admin.model
        self.sheets = sheets_of(model_admin, request)
        self.main, *self.parts = self.sheets
        self.notes, self.rows, self.row_by_slug = [], [], {}
        #: The rows of the file as they stand there, by their sheet.
        self.places = {sheet: [] for sheet in self.sheets}
        self.place_rows(grids)
        self.find_items()

    def place_rows(self, grids):
        known = {name: sheet for sheet in self.sheets for name in (sheet.label, *sheet.former_names)}
        if not any(grid.label in known for grid in grids):
            text = _("This file belongs to another list. Open the list of the same kind, and import it there.")
            raise ValidationError(text)
        for grid in grids:
            if sheet := known.get(grid.label):
                grid = grid.renamed(sheet.former_names)
                self.places[sheet] += [Place(grid, number, cells) for number, cells in grid.rows]
                self.note_columns(sheet, grid)

    def note_columns(self, sheet, grid):
        if unknown := [name for name in grid.names if name and name not in sheet.names]:
            headings = [str(label(sheet.model, name)) or name for name in unknown]
            text = _("“%(sheet)s”: these columns can’t be changed here, and were left out: %(columns)s.")
            self.notes.append(text % {"sheet": grid.title, "columns": listed(headings)})

    def sheet_of(self, key):
        """The sheet on which a key of a patch has its row."""
        return next((sheet for sheet in self.sheets if sheet.part == key.part), None)

    def row_of(self, place):
        """The row of the item that a row of a part belongs to."""
        return self.row_by_slug.get(slug_in(place.cells.get(ITEM)))

    # The items

    def find_items(self):
        own = self.admin.get_queryset(self.request)
        self.find_items_by_key(own)
        for row in self.rows:
            if slug := getattr(row.item, "slug", ""):
                self.row_by_slug[slug_in(slug)] = row
        for row in self.rows:
            cells = row.places[""].cells
            if slug := slug_in(cells.get("slug")) or (row.is_new and self.slug_from(cells)):
                self.row_by_slug.setdefault(slug, row)
        self.find_items_of_parts(own)
        for row in self.rows:
            if row.item and row.item.pk and not self.admin.has_change_permission(self.request, row.item):
                row.refuse(_("This row is no longer there, or you may not change it."))

    def find_items_by_key(self, own):
        keys = {uuid for place in self.places[self.main] if (uuid := as_uuid(place.cells.get(self.main.label)))}
        items, numbers = {item.uuid: item for item in own.filter(uuid__in=keys)}, {}
        for place in self.places[self.main]:
            cell = place.cells.get(self.main.label)
            row, uuid = ImportRow(places={"": place}), as_uuid(cell)
            self.rows.append(row)
            if cell is None:
                self.begin_new(row)
            elif uuid not in items:
                row.refuse(_("This row is no longer there, or you may not change it."))
            elif uuid in numbers:
                row.refuse(_("This row stands twice in the file: see row %s.") % numbers[uuid])
            else:
                numbers[uuid], row.item = place.number, items[uuid]

    def begin_new(self, row):
        if not issubclass(self.model, Item) or not self.admin.has_add_permission(self.request):
            row.refuse(_("You can’t add a row here by a file. Without its hidden key, a row counts as a new one."))
        else:
            row.item, row.wished = self.model(), blank(self.model)

    def find_items_of_parts(self, own):
        """The items that stand on a sheet of parts alone."""
        slugs = {slug_in(place.cells.get(ITEM)) for sheet in self.parts for place in self.places[sheet]}
        others = slugs - self.row_by_slug.keys() - {""}
        for item in own.filter(slug__in=others) if others else ():
            self.rows.append(ImportRow(item))
            self.row_by_slug[item.slug] = self.rows[-1]

    # The short name that a title gives, as where a row is saved without one

    @cached_property
    def slug_field(self):
        return slug_field(self.model)

    def slug_from(self, values):
        names = columns(self.slug_field.of) if self.slug_field else ()
        return self.slug_field.made_of([str(values.get(name) or "") for name in names]) if names else ""


def blank(model):
    """The snapshot of a row that nothing has been written in."""
    row = model()
    fields = tracked_fields(model)
    return plain({f.name: [] if f.many_to_many else f.get_prep_value(f.value_from_object(row)) for f in fields})


def as_uuid(cell):
    try:
        return UUID(str(cell))
    except ValueError:
        return None


def slug_in(cell):
    return str(cell or "").strip().lower()
