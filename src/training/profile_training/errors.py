"""The errors that end a command with a message instead of a trace."""


class DataError(Exception):
    """The data or an argument cannot be used; the message names file, line and field, or the argument."""


class BadRow(Exception):
    """One row cannot be read; the message names the field."""
