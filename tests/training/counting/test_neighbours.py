"""Neighbours against counts by hand, what windows say of items, likings, and that the baseline needs no training."""

import json
import unittest

import numpy as np
import torch

from histories import data_of
from profile_training.config.tiny import CONFIG
from profile_training.counting.item_feedback import item_feedback
from profile_training.counting.likings import SHRINKAGE, likings_of
from profile_training.counting.neighbours import DECAY, OUTWEIGHED, weighted_categories, nearest, neighbours_of, transitions
from profile_training.data.event import Event
from profile_training.data.feedback import RatingScale, feedback_of, liking_of
from profile_training.encoding.encoder import FIRST, Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import vocabulary_schema
from profile_training.encoding.window_rules import WindowRules
from profile_training.errors import DataError
from profile_training.evaluation import leave_one_out


def numbers(data, letters: str) -> list:
    """Dense item numbers, which are given in order of appearance."""
    seen = sorted(set(data.item_ids.tolist()))
    return [seen["abcdefghij".index(letter)] for letter in letters]


def events_of(*told, user: str = "u") -> dict:
    """A user whose events are (kind, item, value or None)."""
    return {user: [Event(user, kind, item, n * 1_000_000, ("c" + item,), value) for n, (kind, item, value) in enumerate(told)]}


def encoded(histories: dict, read: int = 100, rules: WindowRules | None = None):
    return encode_histories(histories, {}, Encoder(*vocabulary_schema(CONFIG, histories, {}), read), rules)


class Neighbours(unittest.TestCase):
    def test_what_follows_counts_by_distance_and_the_way_back_half(self):
        cells = transitions(data_of(u="abcd"), np.array([4])).to_dense()
        a, b, c, d = numbers(data_of(u="abcd"), "abcd")
        self.assertAlmostEqual(cells[a, b].item(), 1.0)
        self.assertAlmostEqual(cells[a, c].item(), 0.6, places=6)
        self.assertAlmostEqual(cells[a, d].item(), 0.36, places=6)
        self.assertAlmostEqual(cells[b, a].item(), 0.5)
        self.assertEqual(cells.diagonal().abs().sum().item(), 0.0)

    def test_users_do_not_run_into_each_other_and_held_out_events_are_not_counted(self):
        data = data_of(u="ab", v="cd")
        a, b, c, d = numbers(data, "abcd")
        cells = transitions(data, np.array([2, 1])).to_dense()
        self.assertGreater(cells[a, b].item(), 0.0)
        self.assertEqual((cells[b, c].item(), cells[c, d].item()), (0.0, 0.0))

    def test_the_newest_event_counts_most_and_the_share_scales_all(self):
        data = data_of(u="ab", v="cd", w="ac")
        found = neighbours_of(data, np.array([2, 2, 2]), 0.0).with_weight(0.3).scores(data, [2], [2])[0]
        a, b, c, d = numbers(data, "abcd")
        self.assertAlmostEqual(found[d].item(), 0.3 / (2 * 1) ** 0.5, places=6)          # c → d; c was met by two users
        self.assertAlmostEqual(found[b].item(), 0.3 * DECAY / (2 * 1) ** 0.5, places=6)   # a → b; a came before

    def test_alike_categories_make_neighbours_of_items_that_never_met(self):
        histories = events_of(("view", "a", None), ("view", "b", None)) | events_of(*[("view", item, None) for item in "cde"], user="v")
        histories["v"][0] = histories["v"][0]._replace(categories=("ca",))
        data = encoded(histories)
        a, b, c = numbers(data, "abc")

        def near(item: int, category_weight: float) -> list:
            found = neighbours_of(data, data.lengths(), category_weight)
            return found.items[item][found.nearness[item] > 0].tolist()

        self.assertEqual(sorted(near(a, 1.0)), sorted([b, c]))
        self.assertEqual((near(a, 0.0), near(b, 1.0)), ([b], [a]))

    def test_common_categories_count_as_the_product_of_the_whole_matrix_of_items_and_categories(self):
        draw = np.random.default_rng(0)
        histories = {f"u{n}": [Event(f"u{n}", "view", f"i{item}", second * 1_000_000, tuple(f"c{c}" for c in {item % 7, item % 11, item}))
                               for second, item in enumerate(draw.integers(0, 400, 40))] for n in range(30)}
        data = encoded(histories)
        items, categories = data.categories
        cells = torch.zeros(data.item_count, categories.max() + 1)
        cells[items, categories] = 1.0
        common = cells / cells.sum(0) ** 0.25
        self.assertTrue(weighted_categories(data).is_sparse)
        nothing = torch.sparse_coo_tensor(size=(data.item_count, data.item_count)).coalesce()
        expected = (0.5 * common @ common.T).fill_diagonal_(0.0)
        found = nearest(nothing, weighted_categories(data), 0.5)
        torch.testing.assert_close(found[1], expected.topk(found[1].shape[1], dim=1).values)
        torch.testing.assert_close(expected.gather(1, found[0]), found[1])

    def test_what_was_turned_down_pushes_its_neighbours_back_and_what_was_liked_protects_them(self):
        crowd = {f"u{n}": events_of(("view", "a", None), ("view", "b", None), user=f"u{n}")[f"u{n}"] for n in range(3)}
        data = encoded(crowd | events_of(("dislike", "a", None), user="foe")
                       | events_of(("like", "a", None), ("like", "b", None), ("dislike", "a", None), user="torn"))
        near, (a, b) = neighbours_of(data, data.lengths(), 0.0), numbers(data, "ab")
        foe = near.scores(data, [3], [1])[0]
        weight = near.nearness[a][near.items[a] == b].item()
        self.assertAlmostEqual(foe[b].item(), -2 * weight / OUTWEIGHED, places=6)
        self.assertEqual(near.scores(data, [4], [1])[0].min().item(), 0.0)               # only the like
        torch.testing.assert_close(near.scores(data, [0], [2])[0], torch.zeros(data.item_count))  # a weight of 0


class ItemFeedback(unittest.TestCase):
    def test_the_newest_judgement_decides_and_without_one_events_are_summed(self):
        data = encoded(events_of(("view", "a", None), ("purchase", "a", None), ("view", "b", None), ("like", "b", None),
                                 ("dislike", "b", None), ("view", "b", None), ("rating", "c", 1.0), ("rating", "c", 5.0)))
        a, b, c = numbers(data, "abc")
        self.assertEqual(item_feedback(data, 0, 8), {a: 5.0, b: -2.0, c: 2.0})
        self.assertEqual(item_feedback(data, 0, 4), {a: 5.0, b: 2.0})

    def test_of_a_longer_window_the_events_count_that_the_model_reads(self):
        told = events_of(("dislike", "a", None), ("view", "b", None), ("view", "c", None))
        for read, expected in ((3, "abc"), (2, "bc")):
            data = encoded(told, read, WindowRules(100))
            self.assertEqual(sorted(item_feedback(data, 0, 3)), sorted(numbers(data, expected)))
            self.assertEqual(bool((neighbours_of(data, data.lengths(), 1.0).with_weight(0.3).scores(data, [0], [3]) < 0).any()), read == 3)

    def test_feedback_is_that_of_the_service(self):
        for kind, value, weight in (("view", None, 1), ("purchase", 9.0, 4), ("cart", None, 3), ("like", None, 2), ("share", None, 2),
                                    ("dislike", None, -2), ("rating", 5.0, 2), ("rating", 4.0, 1.5), ("rating", 3.0, 1),
                                    ("rating", 2.0, -1), ("review", 1.0, -2), ("rating", 0.0, -2), ("review", None, 1)):
            event = Event("u", kind, "i", 0, (), value)
            self.assertEqual(feedback_of(event, liking_of(event)), weight, (kind, value))

    def test_ratings_are_read_on_the_scale_that_is_given(self):
        for text, value, liking in (("0-10", 5, 0.0), ("0-10", 10, 1.0), ("-1-1", 0.5, 0.5), ("1-5", 5, 1.0)):
            event = Event("u", "rating", "a", 0, (), value)
            scale = RatingScale.parse(text)
            self.assertEqual(liking_of(event, scale), liking)
            self.assertEqual(encode_histories({"u": [event]}, {}, Encoder(*vocabulary_schema(CONFIG, {"u": [event]}, {}), 100),
                                              ratings=scale).likings.tolist(), [liking])
            self.assertEqual(RatingScale.of(json.loads(json.dumps(scale.manifest()))), scale)
        self.assertEqual(RatingScale.parse("1-5").manifest(), {})
        for text in ("5", "5-5", "10-1", "a-b", "1-1000001"):
            with self.assertRaisesRegex(DataError, "^--rating-scale "):
                RatingScale.parse(text)


class Likings(unittest.TestCase):
    def test_they_are_drawn_to_the_mean(self):
        data = encoded(events_of(("rating", "a", 5.0), ("rating", "b", 1.0), ("view", "c", None)))
        found, (a, b, c) = likings_of(data, data.lengths()), numbers(data, "abc")
        self.assertAlmostEqual(found[FIRST + a], 1 / (1 + SHRINKAGE), places=6)
        self.assertAlmostEqual(found[FIRST + b], -1 / (1 + SHRINKAGE), places=6)
        self.assertEqual((found[FIRST + c], found[0], len(found)), (0.0, 0.0, FIRST + 3))

    def test_there_are_none_where_nothing_is_judged(self):
        self.assertIsNone(likings_of(data_of(u="abcd"), np.array([4])))


class Baseline(unittest.TestCase):
    def test_it_finds_what_always_follows_without_any_training(self):
        letters = "abcdefghij"
        data = data_of(**{f"u{n}": (letters + letters)[n:n + 5] for n in range(10)})
        self.assertEqual(leave_one_out.transitions(data, "test")["hr@10"], 1.0)
