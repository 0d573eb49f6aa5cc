"""The process that looks at one file: `python -m learningcities.inspection JOB`, the file on its standard input.

It answers with a line of JSON, and behind it the file as it was written anew.
"""

import contextlib
import importlib
import json
import resource
import signal
import sys

from learningcities import bounds

from . import Refused

#: The kinds of look, each with its module and with the memory it may have in all, in MiB.
JOBS = {
    "photo": ("photos", bounds.INSPECTION_MEMORY),
    "document": ("documents", bounds.INSPECTION_MEMORY),
    "spreadsheet": ("spreadsheets", bounds.INSPECTION_MEMORY_OF_WORKBOOK),
}


def restrict(megabytes):
    """From here on: so much memory and time, no other process, no core dump; and the kernel takes it before others."""
    most_of = {
        resource.RLIMIT_AS: megabytes * 2**20,
        resource.RLIMIT_CPU: bounds.INSPECTION_WORK_SECONDS,
        resource.RLIMIT_FSIZE: bounds.INSPECTION_WRITTEN_BYTES,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in most_of.items():
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (most if hard == resource.RLIM_INFINITY else min(most, hard),) * 2)
    signal.alarm(bounds.INSPECTION_SECONDS)
    # Not everywhere allowed, and only a comfort.
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def look(job, file):
    """(what is said of the file, its new content or None); Refused says why it isn't taken."""
    try:
        return importlib.import_module(f".{JOBS[job][0]}", __package__).look(file)
    except MemoryError:
        raise Refused("too_much") from None


def main(job):
    restrict(JOBS[job][1])
    content = None
    try:
        answer, content = look(job, sys.stdin.buffer)
    except Refused as refusal:
        answer = {"refused": refusal.code}
    sys.stdout.buffer.write(json.dumps(answer | {"has_content": content is not None}).encode() + b"\n")
    sys.stdout.buffer.write(content or b"")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
