"""The sheets in which the rows of a list and their parts are edited, by whoever may edit them."""

import re

from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from learningcities.publishing.upgrades.renaming import current_names

from .column_types import columns_of

#: The columns that are no fields: the last applied change when the file was made, the item of a part, and whether to
#: remove a part.
SEEN, ITEM, REMOVE = "seen", "item", "remove"
#: Below the names for programs and the headings.
FIRST_ROW = 3


class Sheet:
    """The first row holds the names of the columns for programs; the first of them names the model, over the keys."""

    def __init__(self, part, model, names, person):
        self.model, self.part, self.columns = model, part, columns_of(model, names, person)
        self.label = model._meta.label_lower

    @property
    def title(self):
        return title_of(self.model)

    @cached_property
    def names(self):
        """The columns by name, each with its heading."""
        first = {self.label: _("Key: leave as it is"), SEEN: _("State: leave as it is")}
        if not self.part:
            return first | {column.name: column.heading for column in self.columns}
        fields = {column.name: column.heading for column in self.columns}
        return {**first, ITEM: _("Belongs to"), **fields, REMOVE: _("Remove this row? (yes)")}

    @cached_property
    def by_name(self):
        return {column.name: column for column in self.columns}

    @cached_property
    def former_names(self):
        """{earlier name: name of today} of its columns, and of the model's label; what has a column today is that."""
        return {old: new for old, new in current_names(self.model).items() if old not in self.names}


def title_of(model):
    """Its name as that of a sheet, in which spreadsheets refuse some signs."""
    return re.sub(r"[\[\]:*?/\\]", " ", str(capfirst(model._meta.verbose_name_plural)))[:31]


def sheets_of(model_admin, request):
    """The sheet of the model and those of its parts, with the fields that this member of staff may change."""
    main, *parts = (Sheet(*fields, request.user) for fields in model_admin.sheet_fields(request.user))
    # Nothing is left of a gallery without its photos, which are chosen on its page.
    return [main, *(sheet for sheet in parts if sheet.by_name.keys() - {"position"})]
