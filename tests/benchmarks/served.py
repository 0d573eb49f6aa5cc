"""How many visitors a served site answers, beside a Django that says hello: `python -m tests.benchmarks.served`.

Two workers of gunicorn serve each of them over loopback; wrk asks them in turn. The database is the one that
`measure` has prepared. Writes JSON; without wrk or nginx their part is left out with a sentence.
"""

import http.client
import json
import os
import re
import shutil
import socket
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen, run
from time import sleep

ROOT = Path(__file__).parents[2]
WRK, NGINX = shutil.which("wrk"), shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
ROUNDS, SECONDS, VISITORS = 7, 2, 32
#: No worker is replaced meanwhile, and the kernel spreads the visitors over both.
STEADY = ["--max-requests", "0", "--reuse-port"]
LIST, CITY = "/fr/initiatives/", "/fr/villes/benguerir/"
#: A parameter that no page knows: what is asked with it is made anew.
ANEW = "?anew=1"
BROTLI, PLAIN = {"Accept-Encoding": "br"}, {}
#: (name, address, headers, the least that is asked for, what would be better)
COMPARED = [
    ("cached page, brotli", LIST, BROTLI, 1.0, 1.15),
    ("cached page, plain", LIST, PLAIN, 1.0, 1.15),
    ("not changed (304)", LIST, {"If-None-Match": ""}, 1.0, 1.15),
    ("list with its counts, made anew", LIST + ANEW, PLAIN, 0.12, 0.20),
    ("list of a theme, made anew", f"{LIST}?theme=literacy&anew=1", PLAIN, 0.12, 0.20),
    ("list that nobody has asked for", f"{LIST}?theme=literacy&year=1999&year=2099", PLAIN, 0.12, 0.20),
    ("list of cities, made anew", f"/fr/villes/{ANEW}", PLAIN, 0.12, 0.20),
    ("city, made anew", CITY + ANEW, PLAIN, 0.10, 0.15),
    ("home, made anew", f"/fr/{ANEW}", PLAIN, None, None),
]
FIRST_VIEWS = [
    f"/{language}/{page}"
    for language, cities, data in (
        ("fr", "villes", "donnees"),
        ("ar", "cities", "dataset"),
        ("en", "cities", "dataset"),
    )
    for page in ("", "initiatives/", f"{cities}/", f"{cities}/benguerir/", f"{data}/", "api/v1/")
]
#: For wrk: two years in an address are others in each request.
OTHER_YEARS = """
math.randomseed(os.time())
request = function()
  local years = function() return "year=" .. (1900 + math.random(0, 299)) end
  return wrk.format(nil, (wrk.path:gsub("year=%d+", years)))
end
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def serving(application):
    """The port and the process of two workers."""
    port = free_port()
    options = ["-c", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "--workers", "2", *STEADY]
    process = Popen([sys.executable, "-m", "gunicorn", *options, application], cwd=ROOT)  # noqa: S603
    try:
        wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def wait_for(port):
    for _ in range(200):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise SystemExit("A server did not start.")


def ask(port, address, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", address, headers=headers)
    response = connection.getresponse()
    return response, response.read()


def load(port, address, headers):
    """Answers in a second; each must be one."""
    said = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    url = f"http://127.0.0.1:{port}{address}"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(OTHER_YEARS)
        script.flush()
        command = [WRK, "-t1", f"-c{VISITORS}", f"-d{SECONDS}s", "-s", script.name, *said, url]
        told = run(command, stdout=PIPE, check=True, text=True).stdout  # noqa: S603
    if "Non-2xx" in told:
        raise SystemExit(f"{address} was not always answered.\n{told}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])


def compared(one, other):
    """The median of what one answers for each answer of the other; asked in turn, since the machine has other work."""
    load(*one), load(*other)
    return median(load(*one) / load(*other) for _ in range(ROUNDS))


def compare_all():
    with serving("learningcities.wsgi") as (site, process), serving("tests.benchmarks.hello") as (hello, _process):
        for name, address, headers, least, better in COMPARED:
            if "If-None-Match" in headers:
                headers = {"If-None-Match": ask(site, address, {})[0].headers["ETag"]}
            size = len(ask(site, address, headers)[1])
            yield name, compared((site, address, headers), (hello, f"/{size}/", {})), least, better
        heaviest = max(weight(site, address) for address in FIRST_VIEWS)
        yield "the heaviest first view without photos, kB", heaviest, 60, None
        ask(site, f"{LIST}?format=geojson", {})
        yield "memory of a worker, MB", memory(process), 200, None
        if NGINX:
            yield from through_nginx(site)
        else:
            sys.stderr.write("What nginx answers is left out: it isn't there (apt-get install nginx-light).\n")


def weight(port, address):
    """In kilobytes, the page with all the files that it names, as they are sent to a browser that was never here."""
    page = ask(port, address, {})[1].decode()
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    return sum(len(ask(port, one, BROTLI)[1]) for one in (address, *files)) / 1000


def memory(process):
    """What the largest of the workers holds for itself alone."""
    children = run(["pgrep", "-P", str(process)], stdout=PIPE, check=True, text=True).stdout.split()  # noqa: S603, S607
    return max(
        int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{child}/status").read_text())[1]) / 1024 for child in children
    )


def through_nginx(site):
    """The file of deploy/ with other ports, beside nginx and the same bytes in a file."""
    with tempfile.TemporaryDirectory() as folder:
        page = ask(site, LIST, BROTLI)[1]
        os.chmod(folder, 0o755)  # noqa: S103 for nginx's own user
        Path(folder, "page.html").write_bytes(page)
        cached, plain = free_port(), free_port()
        ours = (ROOT / "deploy" / "nginx.conf").read_text()
        ours = ours.replace("unix:/run/site.sock", f"127.0.0.1:{site}").replace("/var/cache/", f"{folder}/")
        ours = ours.replace("listen 80;", f"listen 127.0.0.1:{cached};").replace("listen [::]:80;", "")
        ours = ours.replace("www.example.org", "127.0.0.1")
        Path(folder, "nginx.conf").write_text(
            f"pid {folder}/pid; error_log {folder}/error.log; worker_processes 2; events {{}}\n"
            f"http {{ access_log off; include /etc/nginx/mime.types; {ours}\n"
            f"server {{ listen 127.0.0.1:{plain}; root {folder}; }} }}\n"
        )
        process = Popen([NGINX, "-c", f"{folder}/nginx.conf", "-g", "daemon off;"])  # noqa: S603
        try:
            wait_for(cached)
            ratio = compared((cached, LIST, BROTLI), (plain, "/page.html", {}))
            yield "through nginx, beside a file of its own", ratio, 0.8, None
        finally:
            process.terminate()
            process.wait()


def main():
    if not WRK:
        sys.stderr.write("What a served site answers is left out: it needs wrk (apt-get install wrk).\n")
        return
    found = []
    for name, value, target, better in compare_all():
        found.append((name, value, target, better))
        sys.stderr.write(f"  {value:9.3f}  {name}\n")
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
