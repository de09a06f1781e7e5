"""The figures of a model on texts that were held out."""

import numpy as np

from profile_training.sentiment.calibration import calibration_error, probability
from profile_training.sentiment.ngram_regression import Bags
from profile_training.sentiment.targets import is_plain
from profile_training.sentiment.texts import Texts
from profile_training.sentiment.training import logits_of


def figures(texts: Texts, model, bag, least: float) -> dict:
    """For all held-out texts and each set: of those that praise or blame, the accuracy of the model, its network alone, the bag of
    n-grams and the set's more frequent label, and the calibration error; and the share of texts that are rightly taken to state an
    opinion or none."""
    rows = texts.of("test")
    targets, sets = texts.targets()[rows], texts.sets[rows]
    logits = {"model": logits_of(model.logits, texts, rows), "network": logits_of(model.read, texts, rows),
              "bagOfGrams": bag.logits(Bags(texts, "test", model.shape))}
    right = {who: (some[:, 0] > 0) == (targets[:, 0] > 0.5) for who, some in logits.items()}
    right["majority"] = majority(texts)[sets] == (targets[:, 0] > 0.5)
    chance = probability(logits["model"])
    places = {"all": np.ones(len(rows), bool)} | {name: sets == n for n, name in enumerate(texts.names)}
    return {name: of_set(where, targets, right, chance, least) for name, where in places.items() if where.any()}


def of_set(where, targets, right: dict, chance, least: float) -> dict:
    found, labelled, judged = {"texts": int(where.sum())}, where & is_plain(targets[:, 0]), where & is_plain(targets[:, 1])
    if labelled.any():
        found |= {"labelled": int(labelled.sum())} | {who: mean(r[labelled]) for who, r in right.items()}
        found["calibrationError"] = round(calibration_error(chance[labelled, 0], targets[labelled, 0]), 4)
    if judged.any():
        found["opinion"] = mean((chance[judged, 1] >= least) == (targets[judged, 1] > 0.5))
    return found


def majority(texts: Texts) -> np.ndarray:
    """Whether the texts of each set praise more often than they blame, in training."""
    train = texts.of("train")
    return np.array([np.nanmean(np.append(texts.labels[train][texts.sets[train] == n], 0.5)) > 0.5 for n in range(len(texts.names))])


def mean(cells) -> float:
    return round(float(cells.mean()), 4)
