"""The limit of CPU time holds within an epoch, too."""

import math
import unittest
from dataclasses import replace

import numpy as np

from histories import data_of, histories_of
from profile_training.config.tiny import CONFIG
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.schema import vocabulary_schema
from profile_training.loop.training import Training
from profile_training.model.factory import model_of


class TimeLimit(unittest.TestCase):
    def targets(self, limit: float) -> int:
        """How many an epoch learns."""
        users = {f"u{n}": "abcdefghij" * 3 for n in range(40)}
        config = replace(CONFIG, batch=50)
        model = model_of(config, Encoder(*vocabulary_schema(config, histories_of(**users), {}), 100).inputs)
        return Training(config, data_of(**users), model, None, limit, np.random.default_rng(0)).train_epoch(0, 1)[1]

    def test_an_epoch_ends_after_the_step_in_which_the_time_is_over(self):
        self.assertEqual(self.targets(math.inf), 40 * 27)
        self.assertEqual(self.targets(0.0), 54)  # two histories


if __name__ == "__main__":
    unittest.main()
