"""Users that a package is to forget: a file of ids, one a line, as `profiles erase -` reads them."""

import hashlib
from pathlib import Path

from profile_training.data.files import opened
from profile_training.data.histories import EventLog
from profile_training.errors import DataError


class ForgottenUsers(frozenset):
    path: Path | None = None  # the file that was read

    @classmethod
    def read(cls, path: Path) -> "ForgottenUsers":
        with opened(Path(path)) as file:
            found = cls(line.rstrip("\r\n") for line in file) - {""}
        if not found:
            raise DataError(f"{path} has no ids of users. Leave out --forget (tasks.py: --forgotten)")
        users = cls(found)
        users.path = Path(path)
        return users

    def __str__(self) -> str:
        """For the checkpoint of a run, which is to have no ids."""
        return hashlib.sha256("\n".join(sorted(self)).encode("utf-8", "surrogateescape")).hexdigest()

    def without(self, log: EventLog) -> EventLog:
        """The log that is trained on. It may lack some of the users already."""
        return log.without(self.__contains__, "--forget")
