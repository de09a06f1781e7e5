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

    def test_the_whole_log_is_counted_even_if_no_time_is_left_to_learn_from_it(self):
        for limit, epochs in ((math.inf, 3), (0.0, 0)):
            run, learned = self.on_whole_log(limit, epochs_before=6)
            self.assertEqual(learned, {"wholeLogEpochs": epochs, "wholeLogCounted": True})
            self.assertEqual(self.said.count("whole log: loss"), epochs)
            self.assertEqual(run.objective.length.tolist(), run.objective.data.lengths().tolist())
        self.assertIn("trained for 0.00 of 3 epochs because the time limit was reached", self.said)

    def test_an_epoch_on_the_whole_log_that_the_time_cuts_counts_as_the_share_that_was_learned(self):
        run, learned = self.on_whole_log(0.5, epochs_before=4, clock=iter((0.0, 0.0, 1.0, 1.0, 1.0)))
        self.assertEqual(learned["wholeLogEpochs"], round(2 / len(run.objective.batches()), 4))

    def test_after_two_epochs_one_more_is_of_the_whole_log(self):
        self.assertEqual(self.on_whole_log(math.inf, 2, whole_log=0.25)[1], {"wholeLogEpochs": 1, "wholeLogCounted": True})
        self.assertEqual(self.on_whole_log(math.inf, 2, whole_log=0.0)[1], {"wholeLogEpochs": 0})

    def on_whole_log(self, limit: float, epochs_before: int, clock=None, whole_log: float = 0.5) -> tuple:
        """(training, what the manifest says); `clock` gives the seconds at each look at it."""
        run = training({f"u{n}": "abcdefghij" * 3 for n in range(9)}, limit, whole_log=whole_log)
        run.state.progress += [{}] * epochs_before
        run.objective.settle(run.model)
        if clock:
            run.clock.seconds = lambda: next(clock)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            learned = run.train_on_whole_log()
        self.said = said.getvalue()
        return run, learned


class Targets(unittest.TestCase):
    def test_data_without_a_target_is_an_error_that_says_so(self):
        few = {f"u{n}": "abcd" for n in range(2)}
        strangers = {f"u{n}": [f"{n}-{m}" for m in range(9)] for n in range(12)}  # nobody meets what another one met
        for objective, users in (("next-item", {"u": "abc"}), ("nearest-users", few), ("nearest-users", strangers)):
            with self.subTest(users), self.assertRaisesRegex(DataError, "nothing to train on"):
                training(users, math.inf, objective=objective).train_epoch(0, 1)


if __name__ == "__main__":
    unittest.main()
