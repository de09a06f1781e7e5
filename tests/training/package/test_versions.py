"""Which version comes before another, and what aligns the two."""

import tempfile
import unittest
from pathlib import Path

import torch

from networks import catalogue_model
from profile_training.package.alignment import align_lasting, rotation
from profile_training.package.versions import version_before


class Versions(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)

    def test_the_version_before_is_the_greatest_below_and_numbers_count_as_numbers(self):
        with tempfile.TemporaryDirectory() as folder:
            for version in ("1", "2", "9", "10", "1.run"):
                (Path(folder) / version).mkdir()
                if not version.endswith("run"):
                    (Path(folder) / version / "manifest.json").write_text("{}")
            for version, before in (("1", None), ("2", "1"), ("3", "2"), ("10", "9"), ("11", "10")):
                found = version_before(Path(folder) / version)
                self.assertEqual(found and found.name, before)
        self.assertIsNone(version_before(Path(folder) / "1"))  # the folder is gone

    def test_factors_that_were_counted_anew_are_turned_back_and_those_that_were_kept_stay(self):
        before, model = catalogue_model(lasting=6), catalogue_model(lasting=6)
        turn, rows = torch.linalg.qr(torch.randn(6, 6))[0], torch.arange(2, 40)
        model.lasting.factors.data = before.lasting.factors.data @ turn
        align_lasting(model, before, rows, rows)
        torch.testing.assert_close(model.lasting.factors, before.lasting.factors, atol=1e-5, rtol=0)
        kept = catalogue_model(lasting=6)
        kept.lasting.factors.data = before.lasting.factors.data.clone()
        align_lasting(kept, before, rows, rows)
        self.assertTrue(torch.equal(kept.lasting.factors, before.lasting.factors))

    def test_a_rotation_is_found_though_the_rows_have_noise(self):
        turn, rows = torch.linalg.qr(torch.randn(5, 5))[0], torch.randn(200, 5)
        found = rotation(rows @ turn.T + 0.01 * torch.randn(200, 5), rows)
        torch.testing.assert_close(found, turn, atol=0.01, rtol=0)


if __name__ == "__main__":
    unittest.main()
