"""Errors in what the user gave: DataError ends a command with a message, BadRow makes a reader skip or refuse a row."""


class DataError(Exception):
    """The data or an argument cannot be used; the message names file, line and field, or the argument."""


class BadRow(Exception):
    """One row cannot be read; the message names the field."""
