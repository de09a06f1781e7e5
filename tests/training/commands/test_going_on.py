"""What training that goes on with a package begins with."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import numpy as np

from histories import histories_of
from profile_training.commands.going_on import continued, show_new
from profile_training.config.tiny import CONFIG
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import vocabulary_schema
from profile_training.errors import DataError
from profile_training.model.factory import model_of
from profile_training.objective.next_item import NextItem
from profile_training.package.writer import write_package


class Temperature(unittest.TestCase):
    def test_training_goes_on_with_the_temperature_that_it_ended_with(self):
        histories = histories_of(u="abcdef", v="bcdefa")
        encoder = Encoder(*vocabulary_schema(CONFIG, histories, {}), 100)
        data, model = encode_histories(histories, {}, encoder), model_of(CONFIG, encoder.inputs)
        self.assertLess(model.scale(), 0.8)  # so that the temperature of the package's products is another one
        ended = NextItem(CONFIG, data, np.random.default_rng(0))
        ended.sharpness.data.fill_(3.0)
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / "few" / "1"
            write_package(package, model, encoder, [], {}, {"training": ended.manifest(model)})
            begun = NextItem(continued(CONFIG, package), data, np.random.default_rng(0))
        self.assertAlmostEqual(begun.sharpness.item(), 3.0, places=5)


class NewEvents(unittest.TestCase):
    def test_the_command_says_how_many_users_have_some_and_ends_where_nobody_has(self):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            show_new(3, 1200, "2026-11-15T00:00:00Z", Path("shop/1"), 0.2)
            show_new(0, 1200, "2026-11-15T00:00:00Z", Path("shop/1"), 1.0)
            with self.assertRaisesRegex(DataError, "^--from shop/1: nothing [^\n]* after 2099-01-01T00:00:00Z [^\n]* --set replay=1 "):
                show_new(0, 1200, "2099-01-01T00:00:00Z", Path("shop/1"), 0.2)
        self.assertEqual(said.getvalue().splitlines()[0],
                         "3 of 1,200 users have events after 2026-11-15T00:00:00Z, the end of the log of shop/1")


if __name__ == "__main__":
    unittest.main()
