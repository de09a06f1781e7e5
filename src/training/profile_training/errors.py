"""Errors in what the user gave: DataError ends a command with a message, BadRow makes a reader skip or refuse a row."""

import errno

FULL = (errno.ENOSPC, errno.EDQUOT)  # a disk, or a user's share of it


class DataError(Exception):
    """The data or an argument cannot be used; the message names file, line and field, or the argument."""


class BadRow(Exception):
    """One row cannot be read; the message names the field."""


def unwritten(what, error: OSError, instead: str) -> DataError:
    """What to say where writing fails; `instead` is what helps on any disk."""
    room = "make room there, or " if error.errno in FULL else ""
    return DataError(f"{what} cannot be written: {error.strerror or error}; {room}{instead}")
