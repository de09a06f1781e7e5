"""The limit of CPU time holds within an epoch, too; and data that gives nothing to train on."""

import contextlib
import io
import math
import unittest

from loop.made import training
from profile_training.errors import DataError


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


if __name__ == "__main__":
    unittest.main()
