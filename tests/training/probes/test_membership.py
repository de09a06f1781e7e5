"""Membership by loss: whom it compares, what it measures, and that it finds users whom a package knows by heart."""

import math
import unittest

import numpy as np
import torch

from histories import data_of, histories_of
from profile_training.config.tiny import CONFIG
from profile_training.encoding.encoder import FIRST, Encoder
from profile_training.encoding.schema import vocabulary_schema
from profile_training.errors import DataError
from profile_training.model.factory import model_of
from profile_training.probes.membership import Compared, compared, error_of, losses, only_theirs, targets_of
from profile_training.probes.probe import auc

LETTERS = "abcdefghij"


class Pairs(unittest.TestCase):
    def test_each_forgotten_user_meets_the_stranger_of_the_nearest_length_once(self):
        forgotten = {f"f{n}": 10 * n for n in range(1, 13)}
        strangers = {f"s{n}": 10 * n + 1 for n in range(1, 30)}
        pairs = compared(forgotten, strangers)
        self.assertEqual(len(set(pairs.strangers)), 12)
        for user, stranger in zip(pairs.forgotten, pairs.strangers):
            self.assertEqual(strangers[stranger], forgotten[user] + 1)

    def test_too_few_of_either_say_nothing(self):
        many, few = {f"u{n}": 9 for n in range(20)}, {f"v{n}": 9 for n in range(9)}
        for forgotten, strangers in ((many, few), (few, many), (many, {})):
            with self.assertRaisesRegex(DataError, "at least 10 of each"):
                compared(forgotten, strangers)


class Recognised(unittest.TestCase):
    def test_smaller_losses_tell_the_forgotten_and_equal_ones_nobody(self):
        pairs = Compared([f"f{n}" for n in range(20)], [f"s{n}" for n in range(20)])
        known = {user: float(user.startswith("s")) for user in pairs.forgotten + pairs.strangers}
        self.assertEqual(pairs.auc(known), (1.0, 0.0))
        self.assertEqual(pairs.auc(dict.fromkeys(known, 2.0))[0], 0.5)
        self.assertEqual(pairs.auc({user: -loss for user, loss in known.items()})[0], 0.0)

    def test_the_error_is_that_of_drawn_users(self):
        self.assertAlmostEqual(error_of(0.5, 100, 80), math.sqrt(181 / (12 * 100 * 80)))  # of ranks without any difference
        rng, yes = np.random.default_rng(1), np.arange(130) < 50
        drawn = [auc(yes, np.where(yes, 3.0, 1.0) * rng.exponential(size=130)) for _ in range(2_000)]
        self.assertAlmostEqual(np.std(drawn), error_of(0.75, 50, 80), delta=0.002)


class Losses(unittest.TestCase):
    def setUp(self):
        self.users = {"long": LETTERS * 7, "short": "abcd", "none": "abc"}
        self.data = data_of(**self.users)
        torch.manual_seed(0)
        histories = histories_of(**self.users)
        encoder = Encoder(*vocabulary_schema(CONFIG, histories, {}), 100)
        self.model = model_of(CONFIG, encoder.inputs).eval()

    def test_targets_are_what_training_learns_at_most_fifty(self):
        self.assertEqual(targets_of(self.data, 0).tolist(), list(range(1, 51)))
        self.assertEqual(targets_of(self.data, 1).tolist(), [1])
        self.assertEqual(targets_of(self.data, 2).tolist(), [])

    def test_a_users_loss_is_the_mean_cross_entropy_of_what_comes_next(self):
        found = losses(self.model, self.data, 0.5)
        self.assertEqual(set(found), {"long", "short"})
        with torch.no_grad():
            profile = self.model(**self.data.batch([1], [1]))[0][0]
            expected = torch.log_softmax((self.model.item_vectors()[FIRST:] @ profile).double() / 0.5, 0)[self.data.ids(1)[1]]
        self.assertAlmostEqual(found["short"], -expected.item(), places=5)

    def test_items_are_theirs_alone_if_nobody_else_met_them(self):
        histories = histories_of(f="abx", g="aby", u="abz")
        vocabulary = dict.fromkeys("abxz", 2)
        self.assertEqual(only_theirs(histories, {"f", "g"}, vocabulary), 1)
        self.assertEqual(only_theirs(histories, {"nobody"}, vocabulary), 0)


if __name__ == "__main__":
    unittest.main()
