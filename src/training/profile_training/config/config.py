"""What `--set NAME=VALUE` of make_package.py can change; a package's manifest keeps it."""

from dataclasses import dataclass

from profile_training.errors import DataError

STARTER_ONLY = ("width", "categories")  # settings that the model of one catalogue does not read
CATALOGUE_ONLY = ("towers", "attention", "local", "temperature", "negatives", "whole_log", "replay", "distillation", "keep", "unknown",
                  "inputs", "gaps")
OPTIONAL = ("kinds", "categories", "gaps", "values", "attributes")  # inputs that a catalogue's model may use besides the items


@dataclass(frozen=True)
class Config:
    objective: str          # "next-item": predict the next item; "nearest-users": near users share next items
    dimension: int          # of what attention says of now; the profile has what lasts and the facts besides it
    heads: int
    layers: int
    dropout: float
    learning_rate: float
    batch: int              # targets (next-item) or users of one world (nearest-users) a step
    epochs: int             # at most; the best one on validation is kept
    patience: int           # validations without improvement after which training ends
    minutes: float          # CPU time at most, unless --minutes is given
    width: int = 0          # of the starter model's layers
    towers: int = 1         # of a catalogue's model; each has its share of the dimension
    attention: str = "dot"  # or "additive"
    local: int = 4          # newest events that LocalMix averages
    temperature: float = 0.07  # of the softmax over cosines, at the start; it is learned
    negatives: int = 2500   # sampled items that a batch competes with; a catalogue of up to twice as many is not sampled
    lasting: int = 0        # length of the segment `lasting`; 0 leaves it and the facts out
    categories: int = 0     # length of the segment `categories`, in the starter model
    whole_log: float = 0.0  # share of the epochs that train on all events once the figures were measured without the newest two
    replay: float = 0.2     # going on with a package: share of the histories without new events that an epoch reads
    distillation: float = 1.0  # going on with a package: weight of staying near its profiles as of old events
    keep: float = 0.25      # making a package forget users: share of its weights that the refit begins with
    clip: float = 1.0       # largest norm of the gradient
    forget: float = 0.2     # probability that a user trains without attributes
    unknown: float = 0.02   # probability that an item of a window trains as unknown
    inputs: tuple = OPTIONAL  # used if the data has them
    max_events: int = 100
    gaps: tuple = (1, 10, 60, 300, 1800, 7200, 28800, 86400, 259200, 604800, 2592000)  # seconds

    def __post_init__(self):
        for valid, rule in (
                (self.objective in ("next-item", "nearest-users"), "objective must be next-item or nearest-users"),
                (self.attention in ("dot", "additive"), "attention must be dot or additive"),
                (min(self.dimension, self.towers, self.heads, self.layers, self.batch, self.epochs, self.patience) >= 1,
                 "dimension, towers, heads, layers, batch, epochs and patience must be 1 or more"),
                (all(0 <= share <= 1 for share in (self.whole_log, self.replay, self.keep)), "whole_log, replay and keep must be 0 to 1"),
                (self.max_events >= 2, "max_events must be 2 or more"),
                (min(self.local, self.negatives, self.lasting, self.distillation) >= 0,
                 "local, negatives, lasting and distillation must be 0 or more"),
                (self.objective == "next-item" or min(self.lasting, self.categories, self.width) >= 1,
                 "lasting, categories and width must be 1 or more in the starter model"),
                (min(self.learning_rate, self.temperature, self.clip) > 0, "learning_rate, temperature and clip must be above 0"),
                (all(0 <= share < 1 for share in (self.dropout, self.forget, self.unknown)),
                 "dropout, forget and unknown must be 0 or more and below 1"),
                (set(self.inputs) <= set(OPTIONAL), f"inputs must be some of {','.join(OPTIONAL)}"),
                (sorted(set(self.gaps)) == list(self.gaps) and min(self.gaps, default=0) >= 0, "gaps must be 0 or more and ascending")):
            if not valid:
                raise DataError(f"--set: {rule}")
        if (self.width or self.dimension) % (self.heads * self.towers):
            raise DataError(f"--set: {'width' if self.width else 'dimension'} must be a multiple of heads times towers")


def refuse_unread(config: Config, settings: list) -> None:
    """`settings`, NAME=VALUE, may name nothing that the configuration's model does not read."""
    starter = config.objective == "nearest-users"
    for name in (setting.partition("=")[0] for setting in settings):
        if name in (CATALOGUE_ONLY if starter else STARTER_ONLY):
            raise DataError(f"--set {name} does nothing in {'a starter' if starter else 'the model of one catalogue'}: leave it out")
