"""How gunicorn serves the site: as many processes as the machine has room for.

Tried: behind a port and behind a socket, with one worker and with several, killed and started again.
"""

import ctypes
import gc
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path

from gunicorn.glogging import Logger

#: What a process needs at 100,000 initiatives, with a reserve.
MEMORY = 250 * 2**20


def room():
    """Two processes for each core and one more, unless there is no memory for as many."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(2, min(2 * (os.cpu_count() or 1) + 1, int(memory * 0.7) // MEMORY))


workers = int(os.environ.get("WEB_CONCURRENCY", 0)) or room()
# A worker all of whose threads have been busy for a minute is replaced (learningcities/operations/gunicorn_worker.py).
worker_class = "learningcities.operations.gunicorn_worker.Worker"
threads = 4
timeout = 60
graceful_timeout = 30
# A worker that has answered many visits is replaced, so that a leak in any package can't grow for ever.
max_requests = 100_000
max_requests_jitter = 10_000
# The site writes its own lines. Whoever asks for gunicorn's as well gets no address in them: some are secrets.
accesslog = None
access_log_format = "%(t)s %(m)s %(s)s %(b)s %(M)sms"
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Believed from a proxy, SCRIPT_NAME would give every address of the site another beginning: no such header is taken.
forwarder_headers = ""
header_map = "drop"
# systemd steers it; a second way in isn't needed.
control_socket_disable = True


class MaskedLogger(Logger):
    """What gunicorn says of an error names the address that was asked."""

    def setup(self, cfg):
        super().setup(cfg)
        from learningcities.operations.request_log import Masked

        self.error_log.addFilter(Masked())


logger_class = MaskedLogger
# This file is read again at a reload: the settings of an earlier release, which the master has read, name its modules.
sys.modules.pop("learningcities.settings", None)


def metrics_folder():
    from learningcities.settings import METRICS_DIR, METRICS_TOKEN

    return METRICS_DIR if METRICS_TOKEN else None


def on_starting(server):
    """The figures of processes that are long gone would be counted for ever."""
    if folder := metrics_folder():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)


#: How glibc calls the number of its heaps (malloc.h): one for each thread holds a sixth more at the same work.
M_ARENA_MAX = -8


def post_worker_init(worker):
    """Everything is loaded before the first visit; it stays, and needn't be looked over for garbage again and again."""
    import_module("learningcities.urls")
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_ARENA_MAX, 1)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def child_exit(server, worker):
    if metrics_folder():
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
