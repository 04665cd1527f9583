"""Keeps what a process holds in memory out of core files and away from other programs."""

from __future__ import annotations

import ctypes
import sys

PR_SET_DUMPABLE = 4  # prctl(2)


def forbid_core_files() -> None:
    """Let no crash write this process's memory to the disk."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid_looking_in() -> None:
    """Let no other program of the same person read this process's memory, where Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
