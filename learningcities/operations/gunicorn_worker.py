"""The worker that gunicorn runs: one that has had no free thread for a minute ends itself, and gunicorn starts another.

Gunicorn's own time limit sees only that the process lives, and not that all its threads wait for each other.
"""

import faulthandler
import os
import sys
import threading
import time

from gunicorn.workers.gthread import ThreadWorker

from learningcities import bounds

#: Seconds between two looks for a free thread.
LOOK = 2


class Worker(ThreadWorker):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        #: For each thread that is busy, since when.
        self.busy = {}

    def handle(self, conn):
        self.busy[threading.get_ident()] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            del self.busy[threading.get_ident()]

    def run(self):
        threading.Thread(target=self.watch, name="watch", daemon=True).start()
        super().run()

    def watch(self):
        from .health import tell_of_stuck  # needs the settings, which the worker has by now

        while not self.is_stuck():
            time.sleep(LOOK)
        tell_of_stuck()
        # Not through the log: it has a lock of its own, on which the threads may be waiting.
        busy = bounds.WORKER_BUSY_SECONDS
        sys.stderr.write(f"All threads have been busy for {busy} seconds; the worker is replaced. They were at:\n")
        faulthandler.dump_traceback(sys.stderr)
        # The usual way out would wait for the threads.
        os._exit(1)

    def is_stuck(self):
        since = list(self.busy.values())
        return len(since) >= self.cfg.threads and time.monotonic() - max(since) > bounds.WORKER_BUSY_SECONDS
