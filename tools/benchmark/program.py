"""Runs one program under a time limit and measures it."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass


running = set()  # the process groups that have not ended


def stop():
    """Kills all that runs."""
    for group in list(running):
        os.killpg(group, signal.SIGKILL)


@dataclass
class Execution:
    """What a program did: its output, its exit status, and what it took."""

    output: str
    errors: str
    status: int
    cpu_seconds: float
    wall_seconds: float
    killed: bool


def execute(command, limit):
    """Runs a command and kills its process group after `limit` seconds.

    The CPU seconds are the user and system time of the program and of the children it waited for.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=errors, start_new_session=True)
        killed = threading.Event()

        def kill():
            killed.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(limit, kill)
        timer.start()
        running.add(process.pid)
        # The process stays unreaped until nobody else would kill it: its number is not another's.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        running.discard(process.pid)
        timer.cancel()
        timer.join()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return Execution(
            text_of(output),
            text_of(errors),
            process.returncode,
            usage.ru_utime + usage.ru_stime,
            time.monotonic() - started,
            killed.is_set(),
        )


def text_of(file):
    """All that was written to a file."""
    file.seek(0)
    return file.read().decode(errors="replace")
