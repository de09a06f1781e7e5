"""Runs of the commands: in a process of their own, or within this one, which need not import PyTorch again."""

import atexit
import contextlib
import functools
import io
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

from here import ROOT, TRAINING
from profile_training.launch import run

# Runs a script that is interrupted as by Ctrl-C right after a printed line that begins so, however fast or slow the machine is.
# A background job of a shell inherits Ctrl-C as ignored, and a run that ignores it would go on to its end.
INTERRUPTED = """
import builtins, os, runpy, signal, sys
line, script, show = sys.argv[1], sys.argv[2], print
signal.signal(signal.SIGINT, signal.default_int_handler)
def interrupting(*values, **options):
    show(*values, **options)
    if str(values[0]).startswith(line):
        os.kill(os.getpid(), signal.SIGINT)
builtins.print = interrupting
sys.argv = sys.argv[2:]
sys.path.insert(0, os.path.dirname(script))
runpy.run_path(script, run_name="__main__")
"""


SHARED = tempfile.TemporaryDirectory()
atexit.register(SHARED.cleanup)


class Ended(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def run_script(name: str, *arguments) -> subprocess.CompletedProcess:
    """A process of its own."""
    return python(TRAINING / f"{name}.py", *arguments)


def stop_after(line: str, name: str, *arguments) -> subprocess.CompletedProcess:
    return python("-c", INTERRUPTED, line, TRAINING / f"{name}.py", *arguments)


def python(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-W", "ignore", *map(str, arguments)], capture_output=True, text=True)


def run_here(name: str, *arguments) -> Ended:
    """Within this process."""
    stdout, stderr, status = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            run(name, [str(argument) for argument in arguments])
        except SystemExit as end:
            if isinstance(end.code, str):
                print(end.code, file=stderr)
            status = end.code if isinstance(end.code, int) else 1
    return Ended(status, stdout.getvalue(), stderr.getvalue())


@functools.cache
def few_users(prefix: str = "u00") -> list:
    """Arguments for the events of the demo users whose ids begin like this."""
    data = Path(SHARED.name) / f"{prefix}.ndjson"
    lines = (ROOT / "demo/events.ndjson").read_text("utf-8").splitlines()
    data.write_text("\n".join(line for line in lines if f'"{prefix}' in line), "utf-8")
    return ["--data", f"events:{data}", "--attributes", ROOT / "demo/users.ndjson", "--minutes", "6000", "--config", "tiny"]


@functools.cache
def trained_package():
    """(folder, run) of the package of a few users, trained once, in a process of its own. Tests read it and change nothing."""
    folder = Path(SHARED.name) / "few" / "1"
    return folder, run_script("make_package", *few_users(), "--out", folder)
