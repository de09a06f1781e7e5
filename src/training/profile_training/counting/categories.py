"""Which categories a profile has shares of."""

from collections import Counter

MOST = 32


def counted_categories(histories: dict) -> list:
    """The categories of the most events, at most MOST, in the order of their names."""
    counts = Counter(category for events in histories.values() for event in events for category in event.categories)
    return sorted(category for category, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST])
