"""Makes the archive of this release: `python -m tests.upgrade 2026-12`.

2026-12.tar.gz is a backup of a site that people have lived in (tests/operations/inside/lived_in.py). It also has the
tables that a backup leaves out, all but the words of the search, so that it is a database of that release too.
2026-12.json has the secrets and links of its people.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.operations.helpers import Site

LIVE = "import json; from tests.operations.inside.lived_in import live; print(json.dumps(live()))"
BACK_UP = """
from django.core.management import call_command
from learningcities.operations import backup
backup.LEFT_OUT = ("search.entry",)
call_command("backup")
"""
HERE = Path(__file__).parent


def make_archive(name):
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder).begin()
        # The last line: messages that are sent are printed too.
        secrets = json.loads(site.run(LIVE).splitlines()[-1])
        (HERE / f"{name}.json").write_text(json.dumps(secrets, indent=1) + "\n")
        site.run(BACK_UP)
        [archive] = (site.folder / "backups").glob("site-*")
        shutil.copy(archive, HERE / f"{name}.tar.gz")
        shutil.copytree(archive.parent / "files", HERE / "files", dirs_exist_ok=True)


make_archive(*sys.argv[1:])
