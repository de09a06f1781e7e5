"""The training of the sentiment model. It keeps the epoch with the best accuracy on validation, and fits the number of epochs to
the time limit after the first one."""

import time

import numpy as np
import torch
from torch import nn

from profile_training.loop.schedule import affordable, rate
from profile_training.loop.training import refuse_diverged, weights_of
from profile_training.sentiment.config import SentimentConfig
from profile_training.sentiment.generated.made import SETS
from profile_training.sentiment.network import LOGITS, SentimentModel
from profile_training.sentiment.ngram_regression import Fit, ranges
from profile_training.sentiment.targets import accuracy, fair_accuracy, loss_of
from profile_training.sentiment.texts import Texts
from profile_training.sentiment.tokenizer import SLOTS

POOL = 200  # batches whose texts are sorted by length, so that there is little padding
VALIDATION, END = 0.05, 0.1  # of an epoch's time, that a validation and the weighing at the end are reckoned to take


def train_sentiment(model: SentimentModel, config: SentimentConfig, texts: Texts, minutes: float, seed: int) -> dict:
    """Trains the network -> how it was trained. The limit counts from the start of the process."""
    rng = np.random.default_rng(seed)
    rows, valid, targets = texts.of("train"), texts.of("valid"), texts.targets()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=config.learning_rate, betas=(0.9, 0.98), weight_decay=config.weight_decay)
    epochs, done, best, weights = config.epochs, 0, 0.0, weights_of(model)
    print(f"{sum(p.numel() for p in trained):,} weights, {len(rows):,} texts", flush=True)
    while done < epochs:
        began, steps = time.process_time(), list(batches(texts, rows, config.batch, rng))
        rates = [rate(config.learning_rate, (done + n / len(steps)) / epochs) for n in range(len(steps))]
        loss = train_epoch(model, optimizer, texts, zip(steps, rates, strict=True), config.clip) / len(rows)
        done, took = done + 1, time.process_time() - began
        refuse_diverged(loss, done)
        model.eval()
        right = fair_accuracy(logits_of(model.read, texts, valid), targets[valid], texts.sets[valid])
        if right > best:
            best, weights = right, weights_of(model)
        if done == 1:
            epochs = min(epochs, affordable(minutes * 60 - time.process_time(), took, VALIDATION * took, END * took))
        print(f"epoch {done} of {epochs}: loss {loss:.4f}, valid {right:.4f}, {took:.0f} s", flush=True)
    model.load_state_dict(weights)
    model.eval()
    return {"epochs": done, "valid": best, "cpuSeconds": round(time.process_time())}


def train_epoch(model: SentimentModel, optimizer, texts: Texts, steps, clip: float) -> float:
    """Trains with (batch, learning rate) of each step -> the sum of the losses of all texts."""
    model.train()
    losses, targets = 0.0, texts.targets()
    for batch, learning_rate in steps:
        optimizer.param_groups[0]["lr"] = learning_rate
        logits, _ = model.read(*padded(texts, batch))
        loss = loss_of(logits, torch.from_numpy(targets[batch]), torch.from_numpy(texts.weights[batch]))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(optimizer.param_groups[0]["params"], clip)
        optimizer.step()
        losses += loss.item() * len(batch)
    return losses


def batches(texts: Texts, rows, size: int, rng=None):
    """Rows of texts of similar length, `size` units per batch with padding; in random order if there is a generator."""
    lengths = texts.lengths()
    order = rows[rng.permutation(len(rows))] if rng is not None else rows
    pool = max(1, POOL * size // max(1, int(lengths[rows].mean()))) if rng is not None else len(rows)
    found = []
    for start in range(0, len(order), pool):
        pooled = order[start:start + pool]
        pooled = pooled[np.argsort(lengths[pooled], kind="stable")]
        begin = 0
        for end in range(1, len(pooled) + 1):
            if end == len(pooled) or lengths[pooled[end]] * (end + 1 - begin) > size:
                found.append(pooled[begin:end])
                begin = end
    return [found[n] for n in rng.permutation(len(found))] if rng is not None else found


def padded(texts: Texts, rows) -> tuple:
    """(B, L) tokens of the texts and (B, N) turns of their units, padded on the right."""
    lengths = texts.lengths()[rows]
    real = np.arange(max(1, lengths.max())) < lengths[:, None]
    units, turned = np.zeros((*real.shape, SLOTS), np.int64), np.ones(real.shape, np.float32)
    units[real], turned[real], _ = ranges(texts.starts // SLOTS, rows, texts.tokens.reshape(-1, SLOTS), texts.turns)
    return torch.from_numpy(units.reshape(len(rows), -1)), torch.from_numpy(turned)


def take_in(model: SentimentModel, wide: Fit, texts: Texts) -> float:
    """Adds the regression to the network -> the accuracy of both together on validation."""
    model.wide.weight.data = wide.weight.clone()
    return weigh_parts(model, texts)


def weigh_parts(model: SentimentModel, texts: Texts) -> float:
    """Sets the weights of network and regression, by likelihood on validation -> accuracy. Invented texts have no say about praise:
    those held out are too much like those of training, and would favour the part that knows them best."""
    valid = texts.of("valid")
    targets = texts.targets()[valid]
    deep, wide = (torch.from_numpy(logits_of(part, texts, valid)) for part in (model.read, model.regress))
    judged = targets.copy()
    judged[np.isin(texts.sets[valid], [n for n, name in enumerate(texts.names) if name in SETS]), 0] = np.nan
    model.mix.requires_grad = True
    optimizer = torch.optim.LBFGS([model.mix], max_iter=200, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = loss_of(model.mixed(deep, wide), torch.from_numpy(judged), torch.ones(len(judged)))
        value.backward()
        return value

    optimizer.step(loss)
    model.mix.requires_grad = False
    print("network and regression weigh {:.2f} and {:.2f}".format(*model.mix[:2, 0].tolist()), flush=True)
    return accuracy(model.mixed(deep, wide).numpy(), targets)


@torch.no_grad()
def logits_of(read, texts: Texts, rows) -> np.ndarray:
    """(N, 2) logits of the texts, in the order of `rows`; `read` is one of the model's functions."""
    place = {row: n for n, row in enumerate(rows)}
    logits = np.zeros((len(rows), LOGITS), np.float32)
    for batch in batches(texts, rows, 16_384):
        logits[[place[row] for row in batch]] = read(*padded(texts, batch))[0].numpy()
    return logits
