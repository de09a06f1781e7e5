"""The named configurations of make_package.py."""

from dataclasses import dataclass

from events import DataError

OPTIONAL = ("kinds", "categories", "gaps", "values", "attributes")  # what a catalogue's model may look at beside the items


@dataclass(frozen=True)
class Config:
    objective: str          # "next-item": predict the next item; "nearest-users": users near each other share next items
    dimension: int          # of the profile
    heads: int
    layers: int
    dropout: float
    learning_rate: float
    batch: int              # targets (next-item) or users of one world (nearest-users) a step
    epochs: int             # at most; the best one on validation is kept
    patience: int           # validations without a better figure after which training ends
    minutes: float          # CPU time at most, unless --minutes says otherwise
    width: int = 0          # inside the layers of the starter model
    towers: int = 1         # side by side in a catalogue's model; each has its share of the dimension
    attention: str = "dot"  # or "additive"
    local: int = 4          # newest events that are also mixed by place
    temperature: float = 0.07  # of the softmax over cosines, at the start; it is learned
    negatives: int = 2500   # items beside its own that a batch competes with; a catalogue of up to twice as many competes whole
    clip: float = 1.0       # longest gradient
    forget: float = 0.2     # chance that a user trains without attributes
    unknown: float = 0.02   # chance that an item of a window trains as one that the vocabulary lacks
    inputs: tuple = OPTIONAL  # those of them that the data has are used
    max_events: int = 100
    gaps: tuple = (1, 10, 60, 300, 1800, 7200, 28800, 86400, 259200, 604800, 2592000)  # seconds

    def __post_init__(self):
        for right, rule in (
                (self.objective in ("next-item", "nearest-users"), "objective must be next-item or nearest-users"),
                (self.attention in ("dot", "additive"), "attention must be dot or additive"),
                (min(self.dimension, self.towers, self.heads, self.layers, self.batch, self.epochs, self.patience) >= 1,
                 "dimension, towers, heads, layers, batch, epochs and patience must be 1 or more"),
                (self.max_events >= 2, "max_events must be 2 or more"),
                (self.local >= 0 and self.negatives >= 0, "local and negatives must be 0 or more"),
                (min(self.learning_rate, self.temperature, self.clip) > 0, "learning_rate, temperature and clip must be above 0"),
                (all(0 <= chance < 1 for chance in (self.dropout, self.forget, self.unknown)),
                 "dropout, forget and unknown must be 0 or more and below 1"),
                (set(self.inputs) <= set(OPTIONAL), f"inputs must be some of {','.join(OPTIONAL)}"),
                (sorted(set(self.gaps)) == list(self.gaps), "gaps must rise")):
            if not right:
                raise DataError(f"--set: {rule}")
        if (self.width or self.dimension) % (self.heads * self.towers):
            raise DataError(f"--set: {'width' if self.width else 'dimension'} must be a multiple of heads times towers")


CONFIGS = {
    # the model of one catalogue
    "base": Config("next-item", dimension=128, towers=1, heads=2, layers=2, dropout=0.5, learning_rate=1e-3, batch=512,
                   epochs=20, patience=4, minutes=10),
    # the same with more towers, for the best figures
    "large": Config("next-item", dimension=768, towers=6, heads=2, layers=2, dropout=0.5, learning_rate=1e-3, batch=512,
                    epochs=20, patience=4, minutes=60),
    # the same at the smallest size: seconds on one core, for tests
    "tiny": Config("next-item", dimension=16, heads=2, layers=2, dropout=0.1, learning_rate=5e-3, batch=512,
                   epochs=12, patience=12, minutes=1),
    # the hashed model that works on any catalogue; trained on generated worlds
    "starter": Config("nearest-users", dimension=256, width=32, heads=2, layers=2, dropout=0.1, learning_rate=6e-3, batch=200,
                      epochs=60, patience=20, minutes=15, forget=0.6),
}
