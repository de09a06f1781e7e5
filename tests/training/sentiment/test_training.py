"""How the two parts of the model are weighed against each other."""

import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from profile_training.sentiment.generated.made import SETS
from profile_training.sentiment.known import learn_words
from profile_training.sentiment.network import SentimentModel, SentimentShape
from profile_training.sentiment.texts import Texts, read_texts
from profile_training.sentiment.training import weigh_parts
from sentiment.texts import invented, tokenizer


class Weights(unittest.TestCase):
    def test_invented_texts_have_no_say_about_praise(self):
        cut = tokenizer(buckets=1 << 16)
        with tempfile.TemporaryDirectory() as folder:
            texts = read_texts([f"csv:{invented(Path(folder) / 'few.csv', 1_000, 1)}"], cut, 1, 0.02)
        torch.manual_seed(1)
        model = SentimentModel(SentimentShape(1 << 16, 1_024, 4_096, 16, 8, 2, 1)).eval()
        model.wide.weight.data.normal_()
        learn_words(model, texts, cut)
        made = np.isin(texts.sets, [texts.names.index(name) for name in SETS])
        weights = praise_of(model, texts)
        torch.testing.assert_close(praise_of(model, turned(texts, made)), weights)
        self.assertGreater(float((praise_of(model, turned(texts, ~made)) - weights).abs().max()), 0.01)


def turned(texts: Texts, where: np.ndarray) -> Texts:
    """Praise is blame there, and blame praise."""
    return replace(texts, labels=np.where(where, 1 - texts.labels, texts.labels))


def praise_of(model: SentimentModel, texts: Texts) -> torch.Tensor:
    """The weights of the logit of praise."""
    model.mix.data.zero_()
    weigh_parts(model, texts)
    return model.mix[:, 0].clone()
