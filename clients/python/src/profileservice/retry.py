"""When a request is sent again, and after which wait."""
from __future__ import annotations

import email.utils
import random
import time
from dataclasses import dataclass

import httpx

_TEMPORARY = {429, 502, 503, 504}
_MAX_JITTER = .2  # random extension of the wait that the service asks for, as a share of it


@dataclass(frozen=True)
class Retry:
    """How often and how soon requests are sent again.

    attempts: how often a request is sent at most, at least 1.
    first_delay, longest_delay: seconds. The wait doubles from one to the other and is partly random, so that clients do not all return at
    the same time. Where the service asks for a longer wait than longest_delay, its answer is the result.
    """

    attempts: int = 5
    first_delay: float = .2
    longest_delay: float = 10.

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"attempts is {self.attempts}; it must be at least 1")

    def wait(self, attempt: int, answer: httpx.Response | None) -> float | None:
        """Seconds before the request is sent again; None where it is not.

        attempt: 1 after the first. answer: None where there was no connection.
        """
        if attempt >= self.attempts or (answer is not None and answer.status_code not in _TEMPORARY):
            return None
        asked = _asked_for(answer)
        if asked is None:
            return min(self.longest_delay, self.first_delay * 2. ** (attempt - 1)) * random.uniform(.5, 1)
        if asked > self.longest_delay:
            return None
        return min(self.longest_delay, asked * (1 + random.uniform(0, _MAX_JITTER)))


def _asked_for(answer: httpx.Response | None) -> float | None:
    """The Retry-After of an answer, in seconds; None where it has none."""
    value: str = "" if answer is None else answer.headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0., email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
