"""Starts a command of profile_training/commands: the scripts of src/training and the installed commands call this."""

import os
import signal
import sys
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from profile_training.errors import DataError
from profile_training.processor import restart_tuned

LEAST_PYTHON = (3, 11)
PACKAGES = ("numpy", "onnx", "torch")
INSTALL = "apt-get install python3-torch python3-onnx libopenblas0-pthread (Debian's /usr/bin/python3), or pip install torch onnx numpy"
LONG = ("evaluate", "make_package", "make_sentiment", "neighbours", "sentiment_of_texts", "tasks")  # commands that compute for long
STOPPED = 130  # the status of a command that Ctrl-C ended, as shells have it


def launch(command: str) -> None:
    try:
        start(command)
    except KeyboardInterrupt:
        stop(command)


def stop(command: str) -> None:
    print(f"\n{command}: stopped", file=sys.stderr, flush=True)
    sys.exit(STOPPED)


@contextmanager
def ended_by_ctrl_c(command: str):
    """While PyTorch is loaded, which makes another error of a KeyboardInterrupt, Ctrl-C ends the process at once."""
    def end(*_):
        try:
            stop(command)
        finally:
            os._exit(STOPPED)

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:  # a background job's, which ignores it
        yield
        return
    signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def start(command: str) -> None:
    if sys.version_info < LEAST_PYTHON:
        sys.exit(f"{command}: Python {'.'.join(map(str, LEAST_PYTHON))} or later is needed, and {sys.executable} is older")
    if command in LONG:
        restart_tuned()
    run(command)


def run(command: str, arguments: list | None = None) -> None:
    """Bad data, a wrong argument or a missing package ends it with status 1 and a message."""
    try:
        with ended_by_ctrl_c(command):
            main = import_module(f"profile_training.commands.{command}").main
    except ModuleNotFoundError as error:
        if error.name not in PACKAGES:
            raise
        missing = ", ".join(name for name in PACKAGES if find_spec(name) is None)
        sys.exit(f"{command}: {sys.executable} lacks {missing}: {INSTALL}")
    try:
        main(arguments)
    except (DataError, OSError) as error:
        sys.exit(f"{command}: {error}")


content_items = partial(launch, "content_items")
demo_events = partial(launch, "demo_events")
evaluate = partial(launch, "evaluate")
export = partial(launch, "export")
make_package = partial(launch, "make_package")
make_sentiment = partial(launch, "make_sentiment")
neighbours = partial(launch, "neighbours")
prepare = partial(launch, "prepare")
reference_packages = partial(launch, "reference_packages")
sentiment_of_events = partial(launch, "sentiment_of_events")
sentiment_of_texts = partial(launch, "sentiment_of_texts")
tasks = partial(launch, "tasks")
