"""Settings that have to stand before Python starts, and that training is several times slower without."""

import os
import sys
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")


def tuned(flags: set) -> dict:
    """Environment for a processor that can do what `flags` names.

    Debian's OpenBLAS takes a new processor for one of 2004 and then multiplies at half the speed; naming the kernels helps.
    Freed memory is kept instead of being given back after every step.
    """
    core = "SkylakeX" if "avx512f" in flags else "Haswell" if {"avx2", "fma"} <= flags else None
    kept = {"MALLOC_MMAP_THRESHOLD_": "2000000000", "MALLOC_TRIM_THRESHOLD_": "4000000000"}
    return kept | ({"OPENBLAS_CORETYPE": core} if core else {})


def restart_tuned():
    """Starts the running script anew with these settings; what the environment says already stands."""
    if not CPU_INFO.exists():
        return
    flags = next((set(line.split()) for line in CPU_INFO.read_text().splitlines() if line.startswith("flags")), set())
    missing = {name: value for name, value in tuned(flags).items() if name not in os.environ}
    if missing:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **missing})
