"""What training that goes on with a package begins with."""

import tempfile
import unittest
from pathlib import Path

import numpy as np

from histories import histories_of
from profile_training.commands.going_on import continued
from profile_training.config.tiny import CONFIG
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import vocabulary_schema
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


if __name__ == "__main__":
    unittest.main()
