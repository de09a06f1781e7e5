"""The training loop. It ends with the last epoch, at the time limit, or when validation has stopped improving, and keeps the epoch
with the best NDCG@10 on validation. A stopped run is resumed after its last validation."""

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from profile_training.config.config import Config
from profile_training.encoding.histories import EncodedHistories
from profile_training.errors import DataError
from profile_training.loop.run_folder import RunFolder
from profile_training.loop.schedule import VALIDATIONS, Clock, affordable, rate
from profile_training.objective.nearest_users import NearestUsers
from profile_training.objective.next_item import NextItem
from profile_training.objective.predecessor import Predecessor

OBJECTIVES = {"next-item": NextItem, "nearest-users": NearestUsers}
WHOLE_LOG_FROM = 0.6  # share of the learning rate's schedule at which the training on the whole log begins


@dataclass
class RunState:
    """What changes from epoch to epoch, besides the weights."""
    epochs: int                                # of the schedule
    best_weights: dict
    best_objective: list                       # what the objective had learned besides, with these weights
    best: dict | None = None                   # the best figures on validation
    since: int = 0                             # validations since then
    progress: list = field(default_factory=list)  # a row per epoch

    @property
    def done(self) -> int:
        return len(self.progress)


def train(config: Config, data: EncodedHistories, model: nn.Module, run: RunFolder, minutes: float, seed: int,
          before: Predecessor | None = None):
    """The model of the best epoch on validation, its metrics, and what else was learned. `before` is what training goes on with."""
    training = Training(config, data, model, run, minutes * 60, np.random.default_rng(seed), before)
    training.resume()
    while not training.ended():
        training.run_epoch()
    return training.result()


class Training:
    def __init__(self, config: Config, data: EncodedHistories, model: nn.Module, run: RunFolder, limit: float, rng, before=None):
        """`limit` is in CPU seconds."""
        self.config, self.model, self.run, self.limit, self.rng = config, model, run, limit, rng
        going_on = {} if before is None else {"before": before}
        self.objective = OBJECTIVES[config.objective](config, data, rng, **going_on)
        self.trained = [p for p in [*model.parameters(), *self.objective.parameters] if p.requires_grad]
        self.optimizer = torch.optim.Adam(self.trained, lr=config.learning_rate, betas=(0.9, 0.98))
        self.clock, self.state = Clock(), RunState(config.epochs, weights_of(model), self.learned_objective())

    def ended(self) -> bool:
        state = self.state
        return state.done >= state.epochs or state.since >= self.config.patience or self.clock.seconds() >= self.limit

    def run_epoch(self) -> None:
        began = self.clock.seconds()
        loss, targets, _ = self.train_epoch(self.state.done / self.state.epochs, (self.state.done + 1) / self.state.epochs)
        took, done = self.clock.seconds() - began, self.state.done + 1
        row = {"epoch": done, "loss": loss, "ndcg@10": None, "hr@10": None}
        if validated := self.is_validated(done):
            row |= self.validate(done, took)
        spent = self.clock.seconds()
        self.state.progress.append(row | {"cpuSeconds": round(spent)})
        left = min(self.limit - spent, spent / done * (self.state.epochs - done))
        print(epoch_line(row, self.state.epochs, targets / took, left), flush=True)
        if validated:
            self.save(spent)

    def train_epoch(self, begin: float, end: float):
        """(mean loss, number of targets, share of the batches that the time allowed) of an epoch.

        The epoch goes from one share of the learning rate's schedule to another.
        """
        self.model.train()
        losses, targets, batches, learned = 0.0, 0, list(self.objective.batches()), 0
        for n, batch in enumerate(batches):
            self.optimizer.param_groups[0]["lr"] = rate(self.config.learning_rate, begin + (end - begin) * n / len(batches))
            loss, count = self.objective.loss(self.model, *batch)
            self.optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.trained, self.config.clip)
            self.optimizer.step()
            losses, targets, learned = losses + loss.item() * count, targets + count, n + 1
            if self.clock.seconds() >= self.limit:
                break
        if not targets:
            raise DataError("there is nothing to train on: no batch has a target. Give more users, or more events of each")
        refuse_diverged(losses, self.state.done + 1)
        return losses / targets, targets, learned / len(batches)

    def is_validated(self, done: int) -> bool:
        every = max(1, self.state.epochs // VALIDATIONS)
        return done == 1 or done % every == 0 or done == self.state.epochs or self.clock.seconds() >= self.limit

    def validate(self, done: int, epoch_seconds: float) -> dict:
        began = self.clock.seconds()
        figures, seconds = self.objective.figures(self.model, "valid"), self.clock.seconds() - began
        state = self.state
        if done == 1:
            left = self.limit - self.clock.seconds()
            whole = 1 + self.config.whole_log
            state.epochs = min(state.epochs, affordable(left, epoch_seconds * whole, seconds, seconds * self.objective.final_cost))
        state.since += 1
        if state.best is None or figures["ndcg@10"] > state.best["ndcg@10"]:
            state.best, state.best_weights, state.best_objective, state.since = figures, weights_of(self.model), self.learned_objective(), 0
        return {name: figures[name] for name in ("ndcg@10", "hr@10")}

    def learned_objective(self) -> list:
        return [parameter.data.clone() for parameter in self.objective.parameters]

    def restore_objective(self, learned: list) -> None:
        for parameter, cells in zip(self.objective.parameters, learned):
            parameter.data = cells.clone()

    def resume(self) -> None:
        saved = self.run.load()
        if not saved:
            print(f"{sum(p.numel() for p in self.trained):,} weights", flush=True)
            return
        try:
            self.state = RunState(**saved["run"])
        except TypeError:
            raise self.run.unusable() from None
        self.model.load_state_dict(saved["model"])
        self.restore_objective(saved["objective"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.rng.bit_generator.state = saved["rng"]
        torch.set_rng_state(saved["torchRng"])
        self.clock.before = saved["seconds"]
        print(f"resuming after epoch {self.state.done} of {self.state.epochs}", flush=True)

    def save(self, seconds: float) -> None:
        self.run.save(self.state.progress, run=vars(self.state), model=self.model.state_dict(), objective=self.learned_objective(),
                      optimizer=self.optimizer.state_dict(), rng=self.rng.bit_generator.state, torchRng=torch.get_rng_state(),
                      seconds=seconds)

    def result(self):
        self.model.load_state_dict(self.state.best_weights)
        self.restore_objective(self.state.best_objective)
        self.model.eval()
        self.objective.settle(self.model)
        self.run.show(self.state.progress)
        figures = {split: self.objective.figures(self.model, split, everyone=True) for split in ("test", "valid")}
        metrics = {**figures, **self.objective.baselines(self.model), "epochs": self.state.done}
        of_whole_log = self.train_on_whole_log()  # changes the temperature, which is read after it
        learned = {**self.objective.manifest(self.model), **of_whole_log}
        return self.model, {**metrics, "cpuSeconds": round(self.clock.seconds())}, learned

    def train_on_whole_log(self) -> dict:
        """A last part of the schedule with the events that the figures needed, too, so that what is served knows them.

        All of it is counted in any case. The network learns from it for one epoch or more, as long as there is time. Returns what the
        manifest says of it.
        """
        if not self.config.whole_log:
            return {"wholeLogEpochs": 0}
        self.objective.take_whole_log(self.model)
        done, epochs = 0.0, max(1, round(self.config.whole_log * self.state.done))
        for begin, end in pairwise(np.linspace(WHOLE_LOG_FROM, 1.0, epochs + 1)):
            if self.clock.seconds() >= self.limit:
                break
            loss, targets, share = self.train_epoch(begin, end)
            print(f"whole log: loss {loss:.4f}, {targets:,} events", flush=True)
            done += share
        if done < epochs:
            print(f"whole log: counted; trained for {done:.2f} of {epochs} epochs because the time limit was reached", flush=True)
        self.model.eval()
        return {"wholeLogEpochs": int(done) if done.is_integer() else round(done, 4), "wholeLogCounted": True}


def weights_of(model: nn.Module) -> dict:
    return {name: cells.clone() for name, cells in model.state_dict().items()}


def refuse_diverged(loss: float, epoch: int) -> None:
    if not math.isfinite(loss):
        raise DataError(f"the loss is not a number in epoch {epoch}: use a smaller --set learning_rate=")


def epoch_line(row: dict, epochs: int, speed: float, left: float) -> str:
    valid = "" if row["ndcg@10"] is None else f"valid hr@10 {row['hr@10']:.4f} ndcg@10 {row['ndcg@10']:.4f}, "
    return (f"epoch {row['epoch']} of {epochs}: loss {row['loss']:.4f}, {valid}{speed:,.0f} events/s, "
            f"at most {max(0.0, left) / 60:.1f} min left")
