"""Files that would do harm, made small by code, and what it takes to look at them."""

import io
import json
import os
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from tempfile import TemporaryFile
from typing import NamedTuple

from django.conf import settings
from openpyxl import Workbook

#: 7,000 × 7,000 pixels in 38 bytes.
LARGE_WEBP = bytes.fromhex("524946461e000000574542505650384c110000002f57dbd5060750e42ad4a3ff8188e87f0000")


class Look(NamedTuple):
    """What came of looking at a file in a process of its own, and what it took."""

    answer: dict
    seconds: float
    megabytes: int


def look_in_child(job, content):
    with TemporaryFile() as sent, TemporaryFile() as made:
        sent.write(content)
        sent.seek(0)
        command = [sys.executable, "-m", "learningcities.inspection", job]
        child = subprocess.Popen(  # noqa: S603
            command, stdin=sent, stdout=made, stderr=subprocess.DEVNULL, cwd=settings.BASE_DIR
        )
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        made.seek(0)
        answer = json.loads(made.readline() or '{"refused": "too_much"}')
    return Look(answer, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def png_chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def flat_png(width, height, channels=3, *others):
    """A PNG of one colour, a few hundred times smaller than its pixels; `others` are chunks before them."""
    packer, lines = zlib.compressobj(1), b"\0" * (1 + width * channels) * 100
    pixels = b"".join(packer.compress(lines) for _n in range(0, height, 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if channels == 3 else 6, 0, 0, 0)
    chunks = [(b"IHDR", header), *others, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def with_styles(number):
    """An empty workbook that names as many styles, each of them the same few letters."""
    book, out, bare = Workbook(), io.BytesIO(), io.BytesIO()
    book.save(bare)
    with zipfile.ZipFile(bare) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/styles.xml":
                content = re.sub(rb"(<cellXfs[^>]*>).*?(</cellXfs>)", rb"\1" + b"<xf/>" * number + rb"\2", content)
            new.writestr(name, content)
    return out.getvalue()
