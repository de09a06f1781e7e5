"""The limit of CPU time holds within an epoch, too; and data that gives nothing to train on."""

import contextlib
import io
import math
import unittest
from dataclasses import replace

import numpy as np

from histories import histories_of
from profile_training.config.tiny import CONFIG
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import hashed_schema, vocabulary_schema
from profile_training.errors import DataError
from profile_training.loop.training import Training
from profile_training.model.factory import model_of


class TimeLimit(unittest.TestCase):
    def targets(self, limit: float) -> int:
        """How many an epoch learns."""
        return training({f"u{n}": "abcdefghij" * 3 for n in range(40)}, limit).train_epoch(0, 1)[1]

    def test_an_epoch_ends_after_the_step_in_which_the_time_is_over(self):
        self.assertEqual(self.targets(math.inf), 40 * 27)
        self.assertEqual(self.targets(0.0), 54)  # two histories

    def test_the_training_on_the_whole_log_ends_with_the_epoch_in_which_the_time_is_over(self):
        for limit, epochs in ((math.inf, 3), (0.0, 1)):
            run = training({f"u{n}": "abcdefghij" * 3 for n in range(9)}, limit, whole_log=0.5)
            run.at.progress += [{}] * 6
            run.objective.settle(run.model)
            with contextlib.redirect_stdout(io.StringIO()) as said:
                self.assertEqual(run.train_on_whole_log(), epochs)
            self.assertEqual(said.getvalue().count("whole log: "), epochs)


class Targets(unittest.TestCase):
    def test_data_without_a_target_is_an_error_that_says_so(self):
        few = {f"u{n}": "abcd" for n in range(2)}
        strangers = {f"u{n}": [f"{n}-{m}" for m in range(9)] for n in range(12)}  # nobody meets what another one met
        for objective, users in (("next-item", {"u": "abc"}), ("nearest-users", few), ("nearest-users", strangers)):
            with self.subTest(users), self.assertRaisesRegex(DataError, "nothing to train on"):
                training(users, math.inf, objective=objective).train_epoch(0, 1)


def training(users: dict, limit: float, **changes) -> Training:
    config = replace(CONFIG, batch=50, width=16, categories=3, **changes)
    if config.objective == "nearest-users":
        encoder = Encoder(*hashed_schema(config), 100)
    else:
        encoder = Encoder(*vocabulary_schema(config, histories_of(**users), {}), 100)
    data = encode_histories(histories_of(**users), {}, encoder)
    return Training(config, data, model_of(config, encoder.inputs), None, limit, np.random.default_rng(0))


if __name__ == "__main__":
    unittest.main()
