"""What a file asks for, item by item: compared with what is live; nothing is written before `make`."""

from learningcities import bounds

from .import_batch import earlier_batches, make_drafts
from .import_check import check
from .import_compare import read_cells
from .import_file import ImportFile
from .import_state import read_state


class DryRun:
    """`further` are the names of rows that are meant although another one says the same."""

    def __init__(self, model_admin, request, grids, further=()):
        file = ImportFile(model_admin, request, grids)
        read_state(file)
        read_cells(file, further)
        check(file)
        self.user, self.rows, self.notes = request.user, file.rows, file.notes

    @property
    def right(self):
        return [row for row in self.rows if not row.errors and row.patch and not row.awaits_answer]

    @property
    def wrong(self):
        return [row for row in self.rows if row.errors]

    @property
    def questions(self):
        return [question for row in self.rows if not row.errors for question in row.questions]

    @property
    def told(self):
        """What is wrong, in the order of the file, as far as anybody reads."""
        return [wrong for row in self.wrong for wrong in row.errors][: bounds.SHEET_ERRORS]

    @property
    def untold(self):
        return sum(len(row.errors) for row in self.wrong) - len(self.told)

    @property
    def same(self):
        waiting = [row for row in self.rows if row.awaits_answer and not row.errors]
        return len(self.rows) - len(self.right) - len(self.wrong) - len(waiting)

    def make(self, batch):
        return make_drafts(self.right, batch, self.user)

    def left_over(self, batch):
        """The batches of earlier files, as far as drafts are left that this file hasn't."""
        keys = {(row.again or row.item).pk for row in self.right + self.wrong if row.item}
        keys |= {question.item.pk for question in self.questions if question.item}
        return earlier_batches(batch, self.user, keys)
