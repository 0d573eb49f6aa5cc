"""What Lighthouse says of each type of page on a phone, in each language: `python -m tests.benchmarks.lighthouse`.

The site is served with its starting content by two workers. A number is the median of five visits; needs npx, which
fetches Lighthouse, and Chromium.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from subprocess import PIPE, run

from .served import FIRST_VIEWS, ROOT, serving

VISITS, CATEGORIES = 5, ["performance", "accessibility", "best-practices", "seo"]
MORE_VIEWS = [
    f"/{language}/{page}"
    for language in ("fr", "ar", "en")
    for page in ("initiatives/digital-libraries/", "about/", "recherche/" if language == "fr" else "search/")
]
CHROME = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


def visited(url, folder):
    """The scores of one visit, from 0 to 100; the browser may lose its own record of it, then it is made again."""
    told = Path(folder, "lighthouse.json")
    options = [f"--only-categories={','.join(CATEGORIES)}", "--output=json", f"--output-path={told}", "--quiet"]
    while True:
        told.unlink(missing_ok=True)
        run(["npx", "--yes", "lighthouse", url, *options, f"--chrome-flags={CHROME}"], check=False)  # noqa: S603, S607
        found = json.loads(told.read_text()) if told.exists() else {"runtimeError": {"code": "nothing was written"}}
        if not found.get("runtimeError"):
            return [round(found["categories"][name]["score"] * 100) for name in CATEGORIES]
        sys.stderr.write(f"  again: {found['runtimeError'].get('code')}\n")


def main():
    if not shutil.which("npx"):
        raise SystemExit("Lighthouse needs npx (Debian's package npm).")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MODE": "demo", "VAR_DIR": folder}
        os.environ.setdefault("CHROME_PATH", shutil.which("chromium") or "")
        for command in (["migrate", "-v0"], ["load_demo"], ["collectstatic", "--noinput", "-v0"]):
            run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=PIPE)  # noqa: S603
        line("page", CATEGORIES)
        line("---", ["---:" for _ in CATEGORIES])
        with serving("learningcities.wsgi") as (port, _process):
            for path in sorted([*FIRST_VIEWS, *MORE_VIEWS]):
                visits = [visited(f"http://localhost:{port}{path}", folder) for _ in range(VISITS)]
                line(path, [f"{median(scores):g}" for scores in zip(*visits, strict=True)])


def line(name, cells):
    sys.stdout.write(f"| {name} | {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
