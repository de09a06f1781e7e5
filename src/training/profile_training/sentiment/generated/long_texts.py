"""Long texts, put together of many phrases with facts and stories between them."""

from profile_training.sentiment.generated.opinions import BETWEEN
from profile_training.sentiment.generated.templates import Made, filled, templates_of
from profile_training.sentiment.split import TEST, TRAIN, VALID

COUNTS = {TRAIN: 20_000, VALID: 1_000, TEST: 2_000}  # texts by split
FILLERS = {"fact": 0.2, "story": 0.6}  # chances that a phrase is followed by one
MOST_AGAINST = 0.35  # share of phrases against the tone of a text


def long_texts(phrases: dict, split: int, rng, share: float) -> list:
    """`phrases` has texts of one split by tone. A long text has 3 to 16 of them, most of one tone. Facts and stories stand between them,
    with either tone equally often, so that the model learns to make nothing of them."""
    made = []
    for n in range(round(COUNTS[split] * share) if all(phrases.values()) else 0):
        praise, against = n % 2 == 0, rng.uniform(0, MOST_AGAINST)
        pieces = []
        for _ in range(rng.randint(3, 16)):
            tone = praise if rng.random() >= against else not praise
            pieces.append(rng.choice(phrases[tone]))
            for section, chance in FILLERS.items():
                if rng.random() < chance:
                    pieces.append(filled(rng.choice(templates_of(section, split)), rng)[0])
        made.append(Made("".join(piece + rng.choice(BETWEEN) for piece in pieces), float(praise), 1.0, split))
    return made
