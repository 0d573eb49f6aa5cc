"""An old equation in an office document (Equation 3.0, MathType) is an OLE object like any embedded program's.

It is told by what is in it and not by its name: the class of its storage is that of an equation, it holds nothing but
the streams of one, and those are short. Texts as long as those by which the old equation editor was attacked, which
had no NUL for 40 bytes after the mark of a font, aren't in any equation.
"""

import io
import re

import olefile

from learningcities import bounds

CLASSES = {f"0002CE0{n}-0000-0000-C000-000000000046" for n in (1, 2, 3)}
STREAMS = {"equation native", "\1ole", "\1compobj", "\3objinfo", "\3pic", "\3meta", "\2olepres000", "\2olepres001"}
STREAMS |= {"\3eprint"}
LONG_FONT = re.compile(rb"\x08..[^\0]{40}", re.DOTALL)


def is_equation(content):
    if len(content) > bounds.EQUATION_BYTES or not olefile.isOleFile(data=content):
        return False
    try:
        with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT) as storage:
            entries = [path[0].lower() if len(path) == 1 else "" for path in storage.listdir(storages=True)]
            if storage.root.clsid.upper() not in CLASSES or not {"equation native"} <= set(entries) <= STREAMS:
                return False
            return not LONG_FONT.search(storage.openstream("Equation Native").read())
    except OSError:
        return False
