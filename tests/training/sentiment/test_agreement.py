"""Scores of reviews beside the ratings that they belong to."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from profile_training.sentiment.agreement import above, rank_correlation, rated_texts


class OfEvents(unittest.TestCase):
    def test_a_review_belongs_to_the_rating_before_it(self):
        fields = ("userId", "kind", "itemId", "value", "text")
        events = [("u", "rating", "a", 5, None), ("u", "review", "b", None, "no rating"), ("v", "review", "a", None, "another user"),
                  ("u", "review", "a", None, "mine")]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.ndjson"
            path.write_text("\n".join(json.dumps(dict(zip(fields, event))) for event in events), "utf-8")
            self.assertEqual(rated_texts(path), [("mine", 5)])

    def test_figures_of_hand_computed_cases(self):
        self.assertEqual(above(np.array([1.0, 3.0]), np.array([2.0, 0.0])), 0.75)
        self.assertEqual(above(np.array([1.0]), np.array([1.0])), 0.5)
        self.assertEqual(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])), 1.0)
        self.assertAlmostEqual(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])), 1 / 3)


if __name__ == "__main__":
    unittest.main()
