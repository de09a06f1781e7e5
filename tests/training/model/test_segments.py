"""The segments of a profile: where they lie, what each depends on, and how items are scored by them."""

import math
import unittest

import torch

from networks import catalogue_model, padded, window
from profile_training.config import CONFIGS
from profile_training.counting.fit import seconds_of
from profile_training.encoding.encoder import FIRST
from profile_training.model.layers import unit
from profile_training.model.segments import FACTS_WEIGHT, LASTING_WEIGHT, RECENT, Shares, recent_sessions

USERS, LENGTH = 4, 9


def segments_of(model, vectors) -> dict:
    return {segment["name"]: vectors[:, segment["from"]:segment["from"] + segment["length"]] for segment in model.segments()}


class Segments(unittest.TestCase):
    def setUp(self):
        self.model, self.inputs = catalogue_model(lasting=6), window(USERS, LENGTH, time=True)

    def segments(self, **changed) -> dict:
        """Relative to the segment that is now, which has length 1: the whole vector is scaled to unit length."""
        segments = segments_of(self.model, self.model(**{**self.inputs, **changed})[0])
        return {name: cells / segments["now"].norm(dim=1, keepdim=True) for name, cells in segments.items()}

    def test_they_lie_side_by_side_and_fill_the_vector(self):
        end = 0
        for segment in self.model.segments():
            self.assertEqual(segment["from"], end)
            end += segment["length"]
        self.assertEqual(end, self.model.shape.dimension)
        self.assertEqual(len(self.model.segments()[3]["names"]), self.model.shape.facts)

    def test_what_lasts_has_its_weight_and_does_not_depend_on_the_order_of_events(self):
        segments = self.segments()
        torch.testing.assert_close(segments["lasting"].norm(dim=1), torch.full((USERS,), LASTING_WEIGHT))
        turned = self.segments(items=self.inputs["items"].flip(1))
        torch.testing.assert_close(turned["lasting"], segments["lasting"])
        self.assertGreater((turned["now"] - segments["now"]).abs().max().item(), 1e-2)

    def test_categories_are_square_roots_of_shares(self):
        shares = self.model.shares
        shares.of_item.data[2:5] = torch.tensor([[1.0, 1, 0], [1, 0, 0], [0, 0, 0]])
        shares.of_category.data[2:4] = torch.tensor([[0.0, 0, 1], [1, 0, 0]])
        items, categories = torch.tensor([[0, 2, 3, 1, 4, 1]]), torch.tensor([[0, 3, 3, 2, 2, 1]])  # counts 2, 1, 2; the last is unknown
        torch.testing.assert_close(shares(items, categories), torch.tensor([[2.0, 1, 2]]).div(5).sqrt())
        changed = self.segments(categories=torch.full_like(self.inputs["categories"], 1), items=torch.full_like(self.inputs["items"], 1))
        self.assertEqual(changed["categories"].abs().max().item(), 0.0)

    def test_square_roots_of_shares_are_computed_to_the_last_bit_as_they_are_defined(self):
        shares, items, categories = self.model.shares, self.inputs["items"], self.inputs["categories"]
        known = shares.of_item[items]
        counts = (known + (known.sum(2, keepdim=True) == 0).float() * shares.of_category[categories]).sum(1)
        self.assertTrue(torch.equal(shares(items, categories), unit(counts.sqrt())))

    def test_factors_of_categories_have_unit_length_and_depend_on_shares_alone(self):
        model = catalogue_model(lasting=6, category_factors=True)
        self.assertIs(type(self.model.shares), Shares)
        self.assertNotIn("names", model.segments()[2])
        model.shares.of_item.data = torch.randn_like(model.shares.of_item)
        items = self.inputs["items"].clamp(min=2, max=29)
        once, turned, twice = (model.shares(cells, torch.ones_like(cells)) for cells in (items, items.flip(1), items.repeat(1, 2)))
        self.assertEqual(once.shape, (USERS, 3))
        self.assertLess(once.min().item(), 0.0)
        torch.testing.assert_close((once * once).sum(1), torch.ones(USERS))
        torch.testing.assert_close((once * turned).sum(1), torch.ones(USERS))
        torch.testing.assert_close((once * twice).sum(1), torch.ones(USERS))

    def test_an_unknown_item_counts_by_its_category_and_an_item_whose_factors_sum_to_zero_does_not(self):
        shares = catalogue_model(lasting=6, category_factors=True).shares
        shares.of_item.data[1:4] = torch.tensor([[0.0, 0, 0], [1, -1, 0], [0, 0, 0]])
        shares.of_category.data[2] = torch.tensor([0.0, 2, 0])
        for items, expected in (([2, 1], [1.0, 1, 0]), ([2, 0], [1.0, -1, 0]), ([3, 3], [0.0, 1, 0])):
            categories = torch.tensor([[2, 2 if items[1] else 0]])
            torch.testing.assert_close(shares(torch.tensor([items]), categories)[0], unit(torch.tensor(expected)))

    def test_facts_are_scaled_from_their_means_and_clipped(self):
        raw = self.model.facts.raw(*(self.inputs[name] for name in ("items", "kinds", "gaps", "values", "time")))
        self.model.facts.mean.data, self.model.facts.scale.data = raw[0].clone(), torch.full_like(raw[0], 1e9)
        facts = self.segments()["facts"] / FACTS_WEIGHT
        self.assertEqual(facts[0].abs().max().item(), 0.0)
        self.assertAlmostEqual(facts[1:].abs().max().item(), 3 * 0.3, places=5)

    def test_facts_are_what_they_are_called(self):
        inputs = {"items": torch.tensor([[2, 2, 3]]), "kinds": torch.tensor([[2, 2, 3]]), "gaps": torch.tensor([[1, 2, 4]]),
                  "values": torch.tensor([[1.0, 3.0, 0.0]]), "time": torch.tensor([[0.5, 0.25]])}
        facts = self.model.facts
        facts.seconds.data[:, 0] = torch.tensor([0.0, 0, 0, 60, 7200, 0, 0, 0])
        facts.popularity.data[:, 0] = torch.arange(40.0)
        found = dict(zip(facts.names(), facts.raw(**inputs)[0].tolist()))
        expected = {"span": 8.882, "sessions": 0.693, "at once": 0.5, "pause": 4.441, "recent sessions": 1.099, "value": 2.0,
                    "spread of values": 1.0, "with a value": 0.667, "popularity": 2.333, "spread of popularity": 0.471, "events": 1.386,
                    "share of view": 0.667, "share of click": 0.333, "day": 0.5, "sine of the hour": 1.0, "cosine of the hour": 0.0}
        for name, value in expected.items():
            self.assertAlmostEqual(found[name], value, places=3, msg=name)

    def test_recent_sessions_are_those_that_began_within_56_days_of_the_newest_event(self):
        day = 86_400.0
        for padding in (0, 2):
            gaps = torch.tensor([[1, 3, 5, 2, 4] + [0] * padding])  # begun 87 and 57 days ago, 30 days ago, a minute later, now
            seconds = torch.tensor([[0.0, 30 * day, 27 * day, 60, 30 * day] + [0] * padding])
            self.assertAlmostEqual(recent_sessions(gaps, seconds).item(), math.log1p(2), places=5)
            self.assertAlmostEqual(recent_sessions(gaps, seconds / 2).item(), math.log1p(4), places=5)
            self.assertAlmostEqual(recent_sessions(gaps, seconds * 0).item(), math.log1p(1), places=5)
            self.assertEqual(recent_sessions(gaps * 0, seconds * 0).item(), 0.0)  # a package without gaps knows of no session

    def test_rounding_does_not_decide_which_sessions_are_recent(self):
        usual = CONFIGS["base"].gaps
        for days, began in ((28, 2), (30, 1)):  # the bound of the last bucket, which stands for twice as much
            bounds = (*usual[:-1], 86_400 * days)
            seconds, longest = seconds_of(bounds, FIRST + 1 + len(bounds)), FIRST + len(bounds)
            self.assertGreater(abs(seconds[longest].item() - RECENT), 60)
            for gaps in ([1, longest], [1, longest, 3], [1, *[3] * 30, longest, 3]):
                gaps = torch.tensor([gaps])
                self.assertAlmostEqual(recent_sessions(gaps, seconds[gaps]).item(), math.log1p(began), places=5)

    def test_an_item_is_scored_by_now_and_by_what_lasts_and_by_no_fact(self):
        model = self.model
        model.lasting.score_weight.data.fill_(0.5)
        scores = model(**self.inputs)[0] @ model.item_vectors()[2:].T
        now = self.segments()["now"] @ model.joined(tower.item_directions() for tower in model.towers).T
        lasting = model.lasting(self.inputs["items"]) @ model.lasting.item_directions().T
        ratio = scores / (now + 0.5 * lasting)
        torch.testing.assert_close(ratio, ratio[:, :1].expand_as(ratio), rtol=1e-3, atol=1e-4)

    def test_a_window_without_events_has_neither_facts_nor_anything_that_lasts(self):
        empty = {name: torch.zeros_like(cells) for name, cells in padded(window(2, 1, time=True), 1).items()}
        segments = segments_of(self.model, self.model(**empty)[0])
        self.assertEqual(segments["lasting"].abs().max().item(), 0.0)
        self.assertEqual(segments["categories"].abs().max().item(), 0.0)
        self.assertEqual(segments["facts"].abs().max().item(), 0.0)


if __name__ == "__main__":
    unittest.main()
