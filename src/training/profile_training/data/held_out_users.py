"""Users that a package is not trained on, so that it can be measured on people it never saw: one part of several, by a hash of the id."""

import re
import zlib
from dataclasses import dataclass

from profile_training.data.histories import EventLog
from profile_training.errors import DataError


@dataclass(frozen=True)
class HeldOutUsers:
    part: str = ""   # as it was written: "0/5"; empty for nobody
    number: int = 0
    parts: int = 1

    @classmethod
    def parse(cls, text: str | None) -> "HeldOutUsers":
        if not text:
            return cls()
        found = re.fullmatch(r"(\d{1,3})/(\d{1,3})", text)
        if not found or not int(found[1]) < int(found[2]) or int(found[2]) < 2:
            raise DataError(f"--hold-out {text}: expected PART/PARTS such as 0/5, a part from 0 of at least 2 parts")
        return cls(text, int(found[1]), int(found[2]))

    def within(self, other: "HeldOutUsers") -> bool:
        """Whether all these users are held out by `other`, too: 0/10 and 5/10 lie within 0/5."""
        return bool(other.part) and self.parts % other.parts == 0 and self.number % other.parts == other.number

    def __call__(self, user: str) -> bool:
        """Whether a question may be asked about the user; everybody if nobody was held out."""
        return zlib.crc32(user.encode("utf-8")) % self.parts == self.number

    def without(self, log: EventLog) -> EventLog:
        """The log that is trained on."""
        if not self.part:
            return log
        return log.without(self, f"--hold-out {self.part}")
