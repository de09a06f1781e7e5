"""The training loop of the sentiment model. The epoch with the best accuracy on validation is the one that is kept; the number
of epochs is fitted to the time limit after the first one."""

import math
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from bag_of_grams import Fit, ranges
from events import DataError
from labelled_texts import Texts
from sentiment_configs import SentimentConfig
from sentiment_model import SentimentModel
from text_tokens import SLOTS
from train import affordable, rate, weights_of

POOL = 200  # batches among which texts are sorted by length, so that little is padding


def train_sentiment(config: SentimentConfig, texts: Texts, minutes: float, seed: int):
    """The trained model and how it came to be. Time counts from the start of the process."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = SentimentModel.of(config)
    rows, valid = texts.of("train"), texts.of("valid")
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=config.learning_rate, betas=(0.9, 0.98), weight_decay=config.weight_decay)
    epochs, done, best, weights = config.epochs, 0, 0.0, weights_of(model)
    print(f"{sum(p.numel() for p in trained):,} weights, {len(rows):,} texts", flush=True)
    while done < epochs:
        model.train()
        began, losses = time.process_time(), 0.0
        steps = list(batches(texts, rows, config.batch, rng))
        for n, some in enumerate(steps):
            optimizer.param_groups[0]["lr"] = rate(config, (done + n / len(steps)) / epochs)
            logits, _ = model.read(padded(texts, some))
            loss = F.binary_cross_entropy_with_logits(logits, torch.from_numpy(texts.labels[some]).float())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(trained, config.clip)
            optimizer.step()
            losses += loss.item() * len(some)
        if not math.isfinite(losses):
            raise DataError(f"the loss is no number any more in epoch {done + 1}: use a smaller --set learning_rate=")
        done, took = done + 1, time.process_time() - began
        model.eval()
        accuracy = float(((logits_of(model.read, texts, valid) > 0) == texts.labels[valid]).mean())
        if accuracy > best:
            best, weights = accuracy, weights_of(model)
        if done == 1:
            epochs = min(epochs, affordable(minutes * 60 - time.process_time(), took, 0.05 * took, 0.1 * took))
        print(f"epoch {done} of {epochs}: loss {losses / len(rows):.4f}, valid {accuracy:.4f}, {took:.0f} s", flush=True)
    model.load_state_dict(weights)
    model.eval()
    return model, {"epochs": done, "valid": best, "cpuSeconds": round(time.process_time())}


def batches(texts: Texts, rows, size: int, rng=None):
    """The texts in batches of like length, of `size` units with padding; in random order if there is a generator."""
    lengths = texts.lengths()
    order = rows[rng.permutation(len(rows))] if rng is not None else rows
    pool = max(1, POOL * size // max(1, int(lengths[rows].mean()))) if rng is not None else len(rows)
    found = []
    for start in range(0, len(order), pool):
        some = order[start:start + pool]
        some = some[np.argsort(lengths[some], kind="stable")]
        begin = 0
        for end in range(1, len(some) + 1):
            if end == len(some) or lengths[some[end]] * (end + 1 - begin) > size:
                found.append(some[begin:end])
                begin = end
    return [found[n] for n in rng.permutation(len(found))] if rng is not None else found


def padded(texts: Texts, rows) -> torch.Tensor:
    """Tokens of some texts (B, L), with 0 behind shorter ones."""
    lengths = np.diff(texts.starts)[rows]
    cells = np.zeros((len(rows), max(SLOTS, lengths.max())), np.int64)
    tokens, _ = ranges(texts.starts, rows, texts.tokens)
    cells[np.arange(cells.shape[1]) < lengths[:, None]] = tokens
    return torch.from_numpy(cells)


def take_in(model: SentimentModel, wide: Fit, texts: Texts) -> float:
    """Puts the regression beside the network, weighed by the length of a text; the accuracy of both together on validation."""
    model.wide.weight.data = wide.weight.clone()
    return weigh_parts(model, texts)


def weigh_parts(model: SentimentModel, texts: Texts) -> float:
    """Weighs network and regression by their likelihood on validation."""
    valid = texts.of("valid")
    deep, single = logits_of(model.read, texts, valid), logits_of(model.regress, texts, valid)
    size = np.log(texts.lengths()[valid]).astype(np.float32)
    logits = torch.from_numpy(np.stack([deep, deep * size, single, single * size, np.ones_like(deep)], axis=1))
    labels, mix = torch.from_numpy(texts.labels[valid]).float(), torch.zeros(5, requires_grad=True)
    optimizer = torch.optim.LBFGS([mix], max_iter=100, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = F.binary_cross_entropy_with_logits(logits @ mix, labels)
        value.backward()
        return value

    optimizer.step(loss)
    model.mix.data = mix.detach().clone()
    for units in (5, 20, 80):
        network, regression = mix[0] + mix[1] * math.log(units), mix[2] + mix[3] * math.log(units)
        print(f"in a text of {units} units, network and regression weigh {network:.2f} and {regression:.2f}", flush=True)
    return float((((logits @ mix) > 0) == (labels > 0)).float().mean())


@torch.no_grad()
def logits_of(read, texts: Texts, rows) -> np.ndarray:
    """Logits of the texts, in the order of `rows`, by one of the model's functions."""
    place = {row: n for n, row in enumerate(rows)}
    logits = np.zeros(len(rows), np.float32)
    for some in batches(texts, rows, 16_384):
        logits[[place[row] for row in some]] = read(padded(texts, some))[0].numpy()
    return logits
