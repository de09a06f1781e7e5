"""The named configurations of make_sentiment.py, and what `--set NAME=VALUE` can change."""

from dataclasses import dataclass

from profile_training.errors import DataError


@dataclass(frozen=True)
class SentimentConfig:
    hashes: int             # of an n-gram, by which it is known or not
    buckets: int            # of the network's table, which the hashes share
    wide: int               # buckets of the regression's table
    invented: float         # share of the invented texts that are made
    units: int              # of a text at most
    longest_gram: int       # units, 2 or 3
    width: int              # of a token
    heads: int
    layers: int
    dropout: float
    forget: float           # probability that a token is hidden in training
    learning_rate: float
    batch: int              # units per step, padding included
    epochs: int             # at most; the best one on validation is kept
    minutes: float          # CPU time at most, unless --minutes is given
    clip: float = 1.0       # largest norm of the gradient
    weight_decay: float = 0.0

    def __post_init__(self):
        for valid, rule in (
                (self.hashes % 8 == 0 and self.hashes >= max(self.buckets, self.wide),
                 "hashes must be a multiple of 8, and no fewer than buckets and wide"),
                (min(self.buckets, self.wide, self.heads, self.layers, self.batch, self.epochs) >= 1 and self.units >= 2,
                 "buckets, wide, heads, layers, batch and epochs must be 1 or more, units 2 or more"),
                (self.longest_gram in (2, 3), "longest_gram must be 2 or 3"),
                (self.width % self.heads == 0, "width must be a multiple of heads"),
                (min(self.learning_rate, self.clip) > 0, "learning_rate and clip must be above 0"),
                (0 < self.invented <= 1, "invented must be above 0, and at most 1"),
                (0 <= self.dropout < 1 and 0 <= self.forget < 1, "dropout and forget must be 0 or more and below 1")):
            if not valid:
                raise DataError(f"--set: {rule}")


SENTIMENT_CONFIGS = {
    # what ships
    "base": SentimentConfig(hashes=1 << 22, buckets=81_920, wide=1 << 20, invented=1.0, units=256, longest_gram=2, width=32, heads=2,
                            layers=1, dropout=0.2, forget=0.1, learning_rate=4e-3, batch=8_192, epochs=3, minutes=15),
    # seconds on one core, for tests
    "tiny": SentimentConfig(hashes=1 << 16, buckets=1_024, wide=4_096, invented=0.02, units=32, longest_gram=3, width=8, heads=2, layers=1,
                            dropout=0.1, forget=0.1, learning_rate=1e-2, batch=512, epochs=8, minutes=1),
}
