"""The training loop. It stops at the last epoch, at the time limit, or where validation has long got no better; the epoch with
the best NDCG@10 on validation is the one that is kept. A run that was stopped goes on where its last validation was."""

import math
import time

import numpy as np
import torch
from torch import nn

from configs import Config
from events import DataError
from nearest_users import NearestUsers
from next_item import NextItem
from run_folder import RunFolder
from windows import Histories

OBJECTIVES = {"next-item": NextItem, "nearest-users": NearestUsers}
VALIDATIONS = 12  # a run: validating costs time too


def train(config: Config, data: Histories, model: nn.Module, run: RunFolder, minutes: float, seed: int):
    """The model of the best epoch on validation, its metrics, and what else was learned."""
    rng = np.random.default_rng(seed)
    objective = OBJECTIVES[config.objective](config, data, rng)
    trained = [p for p in [*model.parameters(), *objective.parameters] if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=config.learning_rate, betas=(0.9, 0.98))
    clock, progress, best, best_weights, since, epochs = Clock(), [], None, weights_of(model), 0, config.epochs

    if state := run.load():
        model.load_state_dict(state["model"])
        for parameter, cells in zip(objective.parameters, state["objective"]):
            parameter.data = cells
        optimizer.load_state_dict(state["optimizer"])
        rng.bit_generator.state = state["rng"]
        torch.set_rng_state(state["torchRng"])
        clock.before, progress, best, best_weights, since, epochs = (
            state[name] for name in ("seconds", "progress", "best", "bestWeights", "since", "epochs"))
        print(f"resuming after epoch {len(progress)} of {epochs}", flush=True)
    else:
        print(f"{sum(p.numel() for p in trained):,} weights", flush=True)

    done = len(progress)
    while done < epochs and since < config.patience and clock.seconds() < minutes * 60:
        model.train()
        losses, targets, began = 0.0, 0, clock.seconds()
        batches = list(objective.batches())
        for n, batch in enumerate(batches):
            optimizer.param_groups[0]["lr"] = rate(config, (done + n / len(batches)) / epochs)
            loss, count = objective.loss(model, *batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(trained, config.clip)
            optimizer.step()
            losses, targets = losses + loss.item() * count, targets + count
        if not math.isfinite(losses):
            raise DataError(f"the loss is no number any more in epoch {done + 1}: use a smaller --set learning_rate=")
        done, took = done + 1, clock.seconds() - began
        row = {"epoch": done, "loss": losses / targets, "ndcg@10": None, "hr@10": None}
        if done == 1 or done % max(1, epochs // VALIDATIONS) == 0 or done == epochs or clock.seconds() >= minutes * 60:
            now, asked = objective.figures(model, "valid"), clock.seconds() - began - took
            if done == 1:
                epochs = min(epochs, affordable(minutes * 60 - clock.seconds(), took, asked, asked * objective.last_figures))
            row |= {name: now[name] for name in ("ndcg@10", "hr@10")}
            since += 1
            if best is None or now["ndcg@10"] > best["ndcg@10"]:
                best, best_weights, since = now, weights_of(model), 0
        spent = clock.seconds()
        progress.append(row | {"cpuSeconds": round(spent)})
        report(row, epochs, targets / took, min(minutes * 60 - spent, spent / done * (epochs - done)))
        if row["ndcg@10"] is not None:
            run.save(model=model.state_dict(), objective=[p.data for p in objective.parameters], optimizer=optimizer.state_dict(),
                     rng=rng.bit_generator.state, torchRng=torch.get_rng_state(), seconds=spent, progress=progress,
                     best=best, bestWeights=best_weights, since=since, epochs=epochs)

    model.load_state_dict(best_weights)
    model.eval()
    run.show(progress)
    return model, {**final_figures(objective, model), "epochs": done, "cpuSeconds": round(clock.seconds())}, objective.learned()


def affordable(seconds: float, took: float, asked: float, last: float) -> int:
    """Epochs that a schedule can have: `seconds` are left after the first, which took so long, as did asking for its figures;
    the last figures, of all users, take so long. A twentieth is kept for what takes longer than it did."""
    return 1 + max(0, int((seconds * 0.95 - VALIDATIONS * asked - last) / took))


def final_figures(objective, model) -> dict:
    return {"test": objective.figures(model, "test", everyone=True), "valid": objective.figures(model, "valid", everyone=True),
            "popularity": objective.popularity()}


def rate(config: Config, share: float) -> float:
    """Learning rate: a short rise, then half a cosine down to a fiftieth."""
    return config.learning_rate * min(1.0, 0.02 + share / 0.01) * max(0.02, 0.5 + 0.5 * math.cos(math.pi * share))


def weights_of(model: nn.Module) -> dict:
    return {name: cells.clone() for name, cells in model.state_dict().items()}


def report(row: dict, epochs: int, speed: float, left: float):
    valid = "" if row["ndcg@10"] is None else f"valid hr@10 {row['hr@10']:.4f} ndcg@10 {row['ndcg@10']:.4f}, "
    print(f"epoch {row['epoch']} of {epochs}: loss {row['loss']:.4f}, {valid}{speed:,.0f} events/s, "
          f"at most {max(0.0, left) / 60:.1f} min left", flush=True)


class Clock:
    """CPU seconds of this run since it began to read its data, those before it was stopped included."""

    before = 0.0

    def seconds(self) -> float:
        return self.before + time.process_time()
