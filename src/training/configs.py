"""The named configurations of make_package.py."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    objective: str         # "next-item": predict the next item; "nearest-users": users near each other share next items
    hashed: bool           # items and categories are hashed (any catalogue) instead of looked up (the one trained on)
    dimension: int
    width: int
    heads: int
    layers: int
    dropout: float
    learning_rate: float
    batch: int             # windows (next-item) or users of one world (nearest-users) a step
    epochs: int            # at most; the best one on validation is kept
    patience: int          # epochs without a better validation figure after which training ends
    minutes: float         # CPU time at most, unless --minutes says otherwise
    max_events: int = 100
    gaps: tuple = (1, 10, 60, 300, 1800, 7200, 28800, 86400, 259200, 604800, 2592000)  # seconds


CONFIGS = {
    # a vocabulary model for one catalogue
    "base": Config("next-item", hashed=False, dimension=64, width=64, heads=2, layers=2, dropout=0.3,
                   learning_rate=1e-3, batch=64, epochs=200, patience=10, minutes=20),
    # the same at the smallest size: seconds on one core, for tests
    "tiny": Config("next-item", hashed=False, dimension=16, width=16, heads=2, layers=2, dropout=0.1,
                   learning_rate=5e-3, batch=64, epochs=12, patience=3, minutes=1),
    # the hashed model that works on any catalogue; trained on generated worlds
    "starter": Config("nearest-users", hashed=True, dimension=128, width=32, heads=2, layers=2, dropout=0.1,
                      learning_rate=6e-3, batch=200, epochs=60, patience=20, minutes=15),
}
