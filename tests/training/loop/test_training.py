"""What is kept of the best epoch, and a loss that is lost."""

import contextlib
import io
import math
import unittest
from unittest import mock

from loop.made import training
from profile_training.errors import DataError
from profile_training.loop.training import Training, refuse_diverged

USERS = {f"u{n}": "abcdefghij" * 3 for n in range(9)}


class Temperature(unittest.TestCase):
    """It is learned beside the weights."""

    def trained(self, whole_log: float) -> tuple:
        """(training, its temperatures after each epoch, what it learned); of the epochs the first one is the best."""
        run, figures, temperatures = training(USERS, 1e9, epochs=4, whole_log=whole_log), iter(range(9, 0, -1)), []
        run.run = mock.Mock()
        run.objective.figures = lambda *asked, **more: {"ndcg@10": next(figures), "hr@10": 0.0}
        with contextlib.redirect_stdout(io.StringIO()):
            while not run.ended():
                run.run_epoch()
                temperatures.append(temperature(run))
            learned = run.result()[2]
        return run, temperatures, learned

    def test_it_is_that_of_the_best_epoch(self):
        run, temperatures, learned = self.trained(whole_log=0.0)
        self.assertEqual(len({*temperatures}), 4)
        self.assertEqual(learned["temperature"], temperatures[0] * run.model.scale())

    def test_it_is_that_of_the_end_where_the_whole_log_is_trained_on(self):
        run, temperatures, learned = self.trained(whole_log=0.5)
        self.assertEqual(learned["wholeLogEpochs"], 2)
        self.assertNotIn(temperature(run), temperatures)
        self.assertEqual(learned["temperature"], temperature(run) * run.model.scale())

    def test_a_checkpoint_with_other_fields_is_of_no_use(self):
        for fields in ({"epochs": 1}, {"of": "another build"}, []):
            run = training(USERS, 1e9, epochs=2)
            run.run = mock.Mock(load=lambda fields=fields: {"run": fields}, unusable=lambda: DataError("damaged"))
            with self.assertRaisesRegex(DataError, "damaged"):
                run.resume()

    def test_that_of_the_best_epoch_is_in_the_checkpoint(self):
        run = training(USERS, 1e9, epochs=2)
        run.run = mock.Mock()
        with contextlib.redirect_stdout(io.StringIO()):
            run.run_epoch()
        kept = run.run.save.call_args.kwargs
        self.assertEqual(kept["run"]["best_objective"], [run.objective.sharpness.data])
        self.assertIsNot(kept["run"]["best_objective"][0], run.objective.sharpness.data)


class Loss(unittest.TestCase):
    def test_one_that_is_not_a_number_names_the_epoch_and_what_to_do(self):
        for loss in (math.nan, math.inf):
            with self.assertRaisesRegex(DataError, "^the loss is not a number in epoch 3: use a smaller --set learning_rate=$"):
                refuse_diverged(loss, 3)
        refuse_diverged(0.5, 3)


def temperature(run: Training) -> float:
    return math.exp(-run.objective.sharpness.item())


if __name__ == "__main__":
    unittest.main()
