"""--from: the configuration for going on with a package, and what training has to know of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from profile_training.config.config import Config
from profile_training.data.event import text_of_micros
from profile_training.data.histories import EventLog
from profile_training.encoding.histories import EncodedHistories
from profile_training.errors import DataError
from profile_training.evaluation.leave_one_out import trained_lengths
from profile_training.objective.predecessor import Predecessor
from profile_training.package.reader import load_encoder, load_model, training_of

SHAPE = ("towers", "heads", "layers", "max_events", "attention", "local", "lasting")
RATE, DROPOUT, BATCHES = 3.0, 0.3, 2  # times the rate, dropout at most, batches for one: few steps, from weights that are good already
READ = 0.05                           # of what the epochs of a whole training read


def continued(config: Config, package: Path) -> Config:
    """The package's shape, and what suits a short training."""
    return replace(shaped(config, package), learning_rate=RATE * config.learning_rate, dropout=min(DROPOUT, config.dropout),
                   batch=max(1, config.batch // BATCHES))


def shaped(config: Config, package: Path) -> Config:
    """The package's shape, and the temperature of the softmax over cosines that its training ended with."""
    if load_encoder(package).inputs["items"]["encoding"] != "vocabulary":
        raise DataError(f"--from {package} is a model for any catalogue, which has learned nothing about one; leave out --from")
    model, found = load_model(package), training_of(package)
    shape = model.shape
    same = {name: getattr(shape, name) for name in SHAPE if hasattr(shape, name)}
    # the manifest's temperature is of an item's product with a profile (NextItem.manifest)
    temperature = found["temperature"] / model.scale() if "temperature" in found else config.temperature
    return replace(config, **same, dimension=shape.now, temperature=temperature)


def log_end(log: EventLog, timed: bool) -> int | None:
    """The newest event, in micros, by which the next version tells new events from old ones; nothing where events have no times."""
    return max(history[-1].micros for history in log.histories.values()) if timed else None


def predecessor_of(package: Path, data: EncodedHistories, timed: bool, replay: float) -> Predecessor:
    """Where events have no times, or the package does not say when its log ended, all count as new.

    `replay`: share of the histories without new events that an epoch reads.
    """
    end = training_of(package).get("logEnd") if timed else None
    known = np.array([0 if end is None else int(np.searchsorted(data.micros[first:last], end, side="right"))
                      for first, last in zip(data.starts[:-1], data.starts[1:])])
    if end is not None:
        show_new(int((data.lengths() > known).sum()), len(known), text_of_micros(end), package, replay)
    return Predecessor(load_model(package).to("cuda" if torch.cuda.is_available() else "cpu"), known)


def show_new(users: int, of: int, end: str, package: Path, replay: float) -> None:
    """Says how many users have events that the package does not know; where none has, there is nothing to go on with."""
    print(f"{users:,} of {of:,} users have events after {end}, the end of the log of {package}", flush=True)
    if not users and replay < 1:
        raise DataError(f"--from {package}: nothing of --data is new, for no event is after {end} (logEnd of its manifest): give a log "
                        f"with later events, or --set replay=1 to read every history, such as those of other users; where an event of a "
                        f"wrong time in its log made that end, train anew, without --from, on a log without that event")


def with_epochs(config: Config, settings: list, before: Predecessor, data: EncodedHistories) -> Config:
    """Unless --set says how many: two epochs, or as many as read 5 % of what a whole training reads."""
    if any(setting.startswith("epochs=") for setting in settings):
        return config
    share = before.share(trained_lengths(data), config.replay)
    return replace(config, epochs=max(2, round(READ * config.epochs / max(share, READ))))


def show(metrics: dict, out: Path, package: Path) -> None:
    """What going on gave, and what the package gives as it was."""
    parts = {"all users": (metrics["test"], metrics["untouched"])}
    if newer := metrics.get("newer"):
        parts[f"newer than the log of {name_of(package)}"] = newer["trained"], newer["untouched"]
    for users, both in parts.items():
        print(f"{users} ({both[0]['users']:,})")
        for name, figures in zip((name_of(out), f"{name_of(package)}, untouched"), both):
            print(f"  {name:34} hr@10 {figures['hr@10']:.4f}  ndcg@10 {figures['ndcg@10']:.4f}", flush=True)


def name_of(package: Path) -> str:
    return "/".join(package.resolve().parts[-2:])
