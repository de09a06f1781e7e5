"""What an event says for its item, above 0, or against it, relative to a view, which says 1. Its twin in the service is Feedback.cs."""

import math
import re
from typing import NamedTuple

from profile_training.data.event import RATING_KINDS, Event
from profile_training.errors import DataError

VIEW = 1.0  # also a click and a search
ACTS = {"purchase": 4.0, "cart": 3.0}
LIKINGS = {"like": 1.0, "share": 1.0, "dislike": -1.0}
LARGEST = 1_000_000  # rating, up or down


class RatingScale(NamedTuple):
    """Events:LowestRating and Events:HighestRating of the service."""
    lowest: float = 1.0
    highest: float = 5.0

    @classmethod
    def parse(cls, text: str) -> "RatingScale":
        found = re.fullmatch(r"(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)", text)
        scale = found and cls(float(found[1]), float(found[2]))
        if not scale or not -LARGEST <= scale.lowest < scale.highest <= LARGEST:
            raise DataError(f"--rating-scale {text}: expected LOW-HIGH such as 1-10, the worst and the best rating")
        return scale

    @classmethod
    def of(cls, manifest: dict) -> "RatingScale":
        """That of a package."""
        return cls(**manifest.get("ratingScale", {}))

    def manifest(self) -> dict:
        """For the manifest, which says nothing of the usual scale."""
        return {} if self == RatingScale() else {"ratingScale": self._asdict()}


def liking_of(event: Event, scale: RatingScale = RatingScale()) -> float:
    """-1 to 1, of an event that judges its item; NaN of another, and of a rating or a review without a value."""
    if event.kind in RATING_KINDS and event.value is not None:
        middle, half = (scale.lowest + scale.highest) / 2, (scale.highest - scale.lowest) / 2
        return min(1.0, max(-1.0, (event.value - middle) / half))
    return LIKINGS.get(event.kind, math.nan)


def feedback_of(event: Event, liking: float) -> float:
    """`liking` is the event's."""
    if math.isnan(liking):
        return ACTS.get(event.kind, VIEW)
    return VIEW + liking if liking >= 0 else 2 * liking
