"""Uploads are looked at in a process of their own, which has only so much memory and time (child.py starts it).

What runs there (`__main__.py` and the modules it names) knows neither Django nor the site: no settings, no database.
"""


class Refused(Exception):  # noqa: N818
    """A file that isn't taken; the code says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code
