"""The learning curve is a valid SVG picture from the first epoch on."""

import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

from profile_training.loop.learning_curve import draw


class Curve(unittest.TestCase):
    def test_every_point_lies_within_the_picture(self):
        rows = [{"epoch": n, "loss": 9.0 / n, "ndcg@10": None if n % 2 else n / 100} for n in range(1, 8)]
        for progress in (rows, rows[:1], []):
            with tempfile.TemporaryDirectory() as folder:
                draw(progress, Path(folder) / "curve.svg")
                picture = ElementTree.parse(Path(folder) / "curve.svg").getroot()
            circles = [(float(c.get("cx")), float(c.get("cy"))) for c in picture.iter("{http://www.w3.org/2000/svg}circle")]
            self.assertEqual(len(circles), len(progress) + sum(row["ndcg@10"] is not None for row in progress))
            self.assertTrue(all(64 <= x <= 656 and 40 <= y <= 312 for x, y in circles), circles)


if __name__ == "__main__":
    unittest.main()
