"""The site's own settings in MODE=test, with its files in a folder that is thrown away."""

import os
import tempfile

os.environ["MODE"] = "test"
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="learningcities-tests-"))

from learningcities.settings import *  # noqa: F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # In a file each thread of a served site has a connection of its own, as visitors have.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}  # noqa: F405
# Nobody needs what tests have written after a power cut.
if "init_command" in DATABASES["default"]["OPTIONS"]:  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
# Tests ask more often than anybody who reads.
LIMITS |= dict.fromkeys(("search", "exports", "api"), (10**6, 60))  # noqa: F405
