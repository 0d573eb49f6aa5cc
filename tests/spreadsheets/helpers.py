"""What a person does with an exported file: open it, change cells by the names of their columns, send it back."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from tests.forms import unwritten

FIRST = 3


def exported(client, address, kind="xlsx", query=""):
    response = client.get(f"{address}export/{kind}/{query}")
    assert response.status_code == 200, response
    return response.content


class Edited:
    def __init__(self, content):
        self.book = load_workbook(io.BytesIO(content))

    def sheet(self, label):
        return next(sheet for sheet in self.book if sheet["A1"].value == label)

    def columns(self, label):
        return {cell.value: cell.column for cell in self.sheet(label)[1]}

    def put(self, label, row, **cells):
        """Write into the row of this number below the headings, the first being 0."""
        for name, value in cells.items():
            self.sheet(label).cell(FIRST + row, self.columns(label)[name]).value = value
        return self

    def get(self, label, row, name):
        return self.sheet(label).cell(FIRST + row, self.columns(label)[name]).value

    def row_of(self, label, name, value):
        rows = range(self.sheet(label).max_row - FIRST + 1)
        return next(row for row in rows if self.get(label, row, name) == value)

    def drop_column(self, label, name):
        self.sheet(label).delete_cols(self.columns(label)[name])
        return self

    @property
    def content(self):
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def send(client, address, content, name="list.xlsx"):
    """The answer to an upload: the trial, or the form with what is wrong with the file."""
    return client.post(f"{address}import/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def tried(client, address, content, name="list.xlsx"):
    with unwritten():
        shown = send(client, address, content, name).context_data
    assert "dry_run" in shown, shown["form"].errors
    return shown["dry_run"]


def errors(trial):
    return [(wrong.cell, wrong.sentence) for wrong in trial.told]


def make(client, address, content):
    """The batch of drafts that a file becomes."""
    with unwritten():
        response = send(client, address, content)
        return client.post(response.redirect_chain[-1][0], {"make": "yes"}, follow=True).context_data["batch"]


def repacked(content, **changed):
    """The same workbook with some of its entries replaced or added; a function is given the old one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = changed.pop(name, old.read(name))
            new.writestr(name, entry(old.read(name)) if callable(entry) else entry)
        for name, entry in changed.items():
            new.writestr(name, entry)
    return out.getvalue()
