"""What an event says for its item, above 0, or against it, relative to a view, which says 1. Its twin in the service is Feedback.cs."""

import math

from profile_training.data.event import Event

VIEW = 1.0  # also a click and a search
ACTS = {"purchase": 4.0, "cart": 3.0}
LIKINGS = {"like": 1.0, "share": 1.0, "dislike": -1.0}
LOWEST, HIGHEST = 1.0, 5.0  # rating: Events:LowestRating and Events:HighestRating of the service


def liking_of(event: Event) -> float:
    """-1 to 1, of an event that judges its item; NaN of another, and of a rating or a review without a value."""
    if event.kind in ("rating", "review") and event.value is not None:
        middle, half = (LOWEST + HIGHEST) / 2, (HIGHEST - LOWEST) / 2
        return min(1.0, max(-1.0, (event.value - middle) / half))
    return LIKINGS.get(event.kind, math.nan)


def feedback_of(event: Event, liking: float) -> float:
    """`liking` is the event's."""
    if math.isnan(liking):
        return ACTS.get(event.kind, VIEW)
    return VIEW + liking if liking >= 0 else 2 * liking
