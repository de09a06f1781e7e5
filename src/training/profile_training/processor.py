"""Environment variables that must be set before Python starts; without them training is several times slower."""

import argparse
import os
import sys
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")


def tuned(flags: set) -> dict:
    """Environment for a processor with these `flags` of /proc/cpuinfo.

    Debian's OpenBLAS takes a new processor for one of 2004 and then multiplies at half the speed, unless the kernels are named.
    Freed memory is kept for the next step instead of being given back to the system.
    """
    core = "SkylakeX" if "avx512f" in flags else "Haswell" if {"avx2", "fma"} <= flags else None
    kept = {"MALLOC_MMAP_THRESHOLD_": "2000000000", "MALLOC_TRIM_THRESHOLD_": "4000000000"}
    return kept | ({"OPENBLAS_CORETYPE": core} if core else {})


def threads_of(arguments: list) -> str:
    """What --threads says, 1 unless it is given. PyTorch's own number of threads does not reach OpenBLAS."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--threads", default="1")
    try:
        return parser.parse_known_args(arguments)[0].threads
    except argparse.ArgumentError:
        return "1"  # the command itself will refuse it


def missing_settings() -> dict:
    """The settings for this machine that are not in the environment; a value that is there is kept."""
    if not CPU_INFO.exists():
        return {}
    flags = next((set(line.split()) for line in CPU_INFO.read_text().splitlines() if line.startswith("flags")), set())
    wanted = tuned(flags) | {"OPENBLAS_NUM_THREADS": threads_of(sys.argv[1:])}
    return {name: value for name, value in wanted.items() if name not in os.environ}


def restart_tuned():
    """Starts the running command anew with the missing settings."""
    if missing := missing_settings():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **missing})
