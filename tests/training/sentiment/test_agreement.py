"""Scores of reviews beside the ratings that they belong to."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from profile_training.errors import DataError
from profile_training.sentiment.agreement import above, agreement, rank_correlation, rated_texts


class OfEvents(unittest.TestCase):
    def test_a_review_belongs_to_the_rating_before_it(self):
        events = [("u", "rating", "a", 5, None, 1), ("u", "review", "b", None, "no rating", 2),
                  ("v", "review", "a", None, "another user", 2),
                  ("u", "review", "a", None, "mine", 2), ("u", "view", "a", None, "no review", 3)]
        self.assertEqual(self.rated(events), [("mine", 5)])

    def test_events_of_kinds_of_a_services_own_are_not_read(self):
        events = [("u", "rating", "a", 5, None, 1), ("u", "wishlist", "", "x", 5, 2), ("u", "review", "a", None, "mine", 2)]
        self.assertEqual(self.rated(events), [("mine", 5)])
        for kind in (None, 3, ["rating"]):
            with self.subTest(kind), self.assertRaisesRegex(DataError, "line 1: field kind must be"):
                self.rated([("u", kind, "a", 5, None, 1)])

    def test_times_say_what_came_before_whatever_the_order_of_the_file(self):
        events = [("u", "rating", "a", 1, None, 4), ("u", "review", "a", None, "late", 5), ("u", "review", "a", None, "early", 2),
                  ("u", "review", "a", None, "first of all", 0), ("u", "review", "b", None, "at once", 3), ("u", "rating", "a", 5, None, 1),
                  ("u", "rating", "b", 3, None, 3)]
        self.assertEqual(self.rated(events), [("early", 5), ("at once", 3), ("late", 1)])

    def test_what_cannot_be_read_is_named(self):
        for event, words in ((("u", "rating", "a", None, None, 1), "line 2: field value of a rating must be a number"),
                             (("u", "review", "a", None, "\ud800", 1), "line 2: field text must be a text in UTF-8"),
                             (("u", "review", "a", None, 5, 1), "line 2: field text must"),
                             (("u", "rating", "", 1, None, 1), "line 2: field itemId")):
            with self.subTest(event), self.assertRaisesRegex(DataError, words):
                self.rated([("u", "rating", "a", 5, None, 1), event])

    def rated(self, events: list) -> list:
        fields = ("userId", "kind", "itemId", "value", "text")
        rows = [{**dict(zip(fields, event)), "timestamp": f"2026-11-01T10:00:0{event[-1]}Z"} for event in events]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.ndjson"
            path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
            return rated_texts(path)

    def test_a_score_of_nothing_neither_praises_nor_blames(self):
        found = agreement(np.array([0.0, 0.0, 0.5, -0.5]), np.array([0.0, 1.0, 1.0, 0.0]))
        self.assertEqual((found["accuracy"], found["balanced"]), (0.5, 0.5))

    def test_figures_of_hand_computed_cases(self):
        self.assertEqual(above(np.array([1.0, 3.0]), np.array([2.0, 0.0])), 0.75)
        self.assertEqual(above(np.array([1.0]), np.array([1.0])), 0.5)
        self.assertEqual(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])), 1.0)
        self.assertAlmostEqual(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])), 1 / 3)

    def test_figures_of_pairs_are_those_of_all_pairs_one_by_one(self):
        rng = np.random.default_rng(0)
        scores, ratings = np.round(rng.normal(size=200), 1), rng.integers(1, 6, 200).astype(float)  # both have ties
        x, y = (np.sign(values[:, None] - values[None, :]) for values in (scores, ratings))
        self.assertAlmostEqual(rank_correlation(scores, ratings), (x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()), places=12)
        high, low = scores[ratings >= 4], scores[ratings <= 2]
        self.assertAlmostEqual(above(high, low), ((np.sign(high[:, None] - low[None, :]) + 1) / 2).mean(), places=12)
        self.assertTrue(np.isnan(above(high, low[:0])))
        self.assertTrue(np.isnan(rank_correlation(scores, np.ones(200))))

    def test_figures_of_many_texts_take_no_memory_for_their_pairs(self):
        scores, ratings = np.linspace(-1, 1, 500_000), np.arange(500_000) // 100_000 + 1.0
        self.assertEqual(above(scores[ratings >= 4], scores[ratings <= 2]), 1.0)
        self.assertAlmostEqual(rank_correlation(scores, ratings), (4 / 5) ** 0.5, places=5)


if __name__ == "__main__":
    unittest.main()
