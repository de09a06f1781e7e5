"""Which split a text belongs to: by the hash of the text, and of phrases by the sentences that they are cut from."""

from profile_training.encoding.hashing import hash64

SPLITS = ("train", "valid", "test")
TRAIN, VALID, TEST = range(len(SPLITS))
NOWHERE = -1  # a phrase of sentences of different splits


def split_of(text_hash: int) -> int:
    """Index into SPLITS: a tenth of the texts is for the test, a twentieth for validation."""
    percent = text_hash % 100
    return TEST if percent < 10 else VALID if percent < 15 else TRAIN


def splits_of_phrases(phrases: list) -> list:
    """The split of each phrase (its units). A sentence is a phrase that lies within no other; a phrase has the split of all sentences
    that it lies within, and is of no use where these have different splits: it would be known on both sides."""
    seen, order = {}, sorted(range(len(phrases)), key=lambda n: -len(phrases[n]))
    for n in order:
        units = phrases[n]
        if tuple(units) not in seen:
            mark(seen, units, 1 << split_of(hash64(" ".join(units))))
    return [SPLIT_OF_MASK.get(seen[tuple(units)], NOWHERE) for units in phrases]


def mark(seen: dict, units: list, mask: int):
    """Notes for every run of units of a sentence which split the sentence is in."""
    for start in range(len(units)):
        for end in range(start + 1, len(units) + 1):
            run = tuple(units[start:end])
            seen[run] = seen.get(run, 0) | mask


SPLIT_OF_MASK = {1 << split: split for split in range(len(SPLITS))}


def lying_within(phrases: list, texts) -> set:
    """Indices of the phrases that lie within one of the texts; both are of units."""
    starting = {}
    for n, units in enumerate(phrases):
        starting.setdefault(tuple(units[:2]), []).append(n)
    found = set()
    for units in texts:
        for place in range(len(units)):
            for start in (units[place:place + 1], units[place:place + 2]):
                found.update(n for n in starting.get(tuple(start), ()) if units[place:place + len(phrases[n])] == phrases[n])
    return found
