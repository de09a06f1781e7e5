"""Which events of a history stand in a window: the rules that figures are measured under, and that the service should be run with."""

from dataclasses import dataclass

import numpy as np

from profile_training.encoding.encoder import DAY_MICROS

MASKS = ("history", "window")
SERVICE_MAX_EVENTS, SERVICE_MAX_AGE = 100, 90  # the defaults of Windows:MaxEvents and, in days, of Windows:MaxAge


@dataclass(frozen=True)
class WindowRules:
    max_events: int                 # the newest that a window holds
    max_age_days: float | None = 0  # how much older than the newest an event may be; 0 for any age, None if the log has no times
    mask: str = "history"           # which of the items that a user met are not ranked

    @classmethod
    def of(cls, manifest: dict, max_events: int) -> "WindowRules":
        """Those of a package; any age and whole histories where it states none."""
        rules = manifest.get("windowRules", {"maxAgeDays": 0})
        return cls(rules.get("maxEvents", max_events), rules.get("maxAgeDays"), rules.get("mask", "history"))

    def manifest(self) -> dict:
        """`windowRules` of the manifest."""
        age = {} if self.max_age_days is None else {"maxAgeDays": self.max_age_days}
        return {"maxEvents": self.max_events, **age, "mask": self.mask}

    def firsts(self, starts: np.ndarray, micros: np.ndarray) -> np.ndarray:
        """(E,) for each event, the place from its user's first event where the window begins whose newest event it is."""
        found = np.empty(len(micros), np.int64)
        for start, end in zip(starts, starts[1:]):
            times = micros[start:end]
            oldest = np.searchsorted(times, times - int(self.max_age_days * DAY_MICROS)) if self.max_age_days else 0
            found[start:end] = np.maximum(oldest, np.arange(end - start) + 1 - self.max_events)
        return np.maximum(found, 0)
