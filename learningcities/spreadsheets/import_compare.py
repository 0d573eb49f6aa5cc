"""What the cells of a file ask for: each compared with what was written into it when the file was made."""

from datetime import date, datetime
from operator import attrgetter
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from learningcities.publishing.history.where_used import refuse_while_used
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import rows_of_part
from learningcities.text.folding import fold
from learningcities.text.translation import LANGUAGES

from .cell_text import CUT, beginning, harmless, quoted, unescaped, unprefixed
from .import_file import as_uuid, blank
from .import_new_items import NewItems
from .import_reader import FORMULA
from .import_row import ImportRow, Question
from .row_identity import identities, name_in
from .sheet import ITEM, REMOVE


def read_cells(file, further):
    """Write into `wished` what the file asks for; `further` are the names of rows that are meant although another one
    says the same."""
    new_items = NewItems(file, further)
    for row in file.rows:
        if row.item and not row.errors and "" in row.places:
            row.wished |= values_in(row, file.main, row.places[""], row.base, row.wished)
            if row.is_new:
                new_items.name(row)
    new_items.ask_about_doubles()
    for sheet in file.parts:
        for place in file.places[sheet]:
            if row := file.row_of(place):
                read_part(row, sheet, place, further)
            else:
                text = _("There is no page of the short name “%s” among those you may change.")
                wrong = place.wrong(ITEM, sheet.names[ITEM], text % quoted(place.cells.get(ITEM) or ""))
                file.rows.append(ImportRow(errors=[wrong]))


def read_part(row, sheet, place, further):
    cell = place.cells.get(sheet.label)
    key = PatchKey(sheet.part, as_uuid(cell) or uuid4())
    base = row.base.get(key.row)
    if cell is not None and base is None:
        text = _("This row is no longer there. Empty its hidden key to add it anew.")
        row.errors.append(place.wrong(sheet.label, "", text))
        return
    if key.row in row.places:
        text = _("This row stands twice in the file: see row %s.") % row.places[key.row].number
        row.errors.append(place.wrong(sheet.label, "", text))
        return
    row.places[key.row] = place
    if place.cells.get(REMOVE) is not None and fold(str(place.cells[REMOVE])) in words_for_yes():
        row.wished.pop(key.row, None)
        check_unused(row, sheet, place, key)
        return
    values = base or blank(sheet.model)
    values = values | values_in(row, sheet, place, base or {}, values)
    if base is not None or is_meant(row, sheet, place, values, further):
        row.wished[key.row] = values


def values_in(row, sheet, place, base, wished):
    """The values that the cells of a row ask for."""
    values = {}
    for column in sorted(sheet.columns, key=attrgetter("turn")):
        cell, now = place.cells.get(column.name), base.get(column.name)
        if base and (column.name not in place.cells or is_the_same(cell, column.say(now))):
            continue
        if not base and cell is None:
            continue
        try:
            if cell is FORMULA:
                raise ValidationError(_("This is a formula. Write the value itself."))
            values[column.name] = column.read(unprefixed(cell), now, wished | values)
        except ValidationError as error:
            row.errors.append(place.wrong(column.name, column.heading, " ".join(error.messages)))
    return values


def check_unused(row, sheet, place, key):
    """An axis that initiatives follow can't be removed."""
    part = sheet.model._base_manager.filter(pk=key.uuid).first()
    try:
        if part:
            refuse_while_used(part)
    except ValidationError as error:
        row.errors.append(place.wrong(REMOVE, sheet.names[REMOVE], " ".join(error.messages)))


def is_meant(row, sheet, place, values, further):
    """Whether a new row of a part says something else than those that are there or above, or is said to be one."""
    names = identities(sheet.model, values)
    added_since = {key: other for key, other in row.live.items() if key not in row.base}
    for _key, other in rows_of_part(added_since | row.wished, sheet.part):
        if names & identities(sheet.model, other):
            text = _("“%s” is there already with the same words. Is this a further one?")
            question = Question(place, text % name_in(sheet.model, values), None, place.name in further)
            row.questions.append(question)
            return question.is_answered
    return True


def words_for_yes():
    words = {"x", "1", "true", "vrai"}
    for language in LANGUAGES:
        with override(language):
            words.add(fold(_("yes")))
    return words


def is_the_same(cell, written):
    """Whether a cell still holds what was written into it."""
    if isinstance(cell, datetime) and isinstance(written, date):
        return cell.date() == written
    return cell in (written, unescaped(written), unescaped(harmless(written))) or is_same_beginning(
        cell, unescaped(written)
    )


def is_same_beginning(cell, written):
    """Whether both hold the same of a text that is too long, each with the word of its language behind it."""
    shorter, longer = sorted((beginning(cell), beginning(written)), key=len)
    return bool(shorter) and longer.startswith(shorter) and len(longer) - len(shorter) < len(CUT) * 2
