"""The segments of a starter's profile besides what attention says of now."""

import random
import unittest

import torch

from here import ROOT
from networks import padded, starter_model, window
from profile_training.data.event import KINDS, Event
from profile_training.encoding.encoder import FIRST
from profile_training.model.segments import FARTHEST
from profile_training.model.starter_facts import SCALES
from profile_training.model.starter_model import WEIGHTS
from profile_training.package.reader import load_encoder, load_model

USERS, LENGTH = 4, 9
VIEW, PURCHASE, RATING = (FIRST + KINDS.index(kind) for kind in ("view", "purchase", "rating"))


def facts_of(model, **inputs) -> dict:
    """{name: (B)} in deviations from the mean."""
    cells = model.facts(**{name: torch.tensor(of_users) for name, of_users in inputs.items()}) * len(SCALES) ** 0.5
    return dict(zip(model.facts.names(), cells.T, strict=True))


def stranger(draw: random.Random, kind: str, highest: int | None) -> list:
    """Thirty events of items and categories that nobody else meets, over some weeks."""
    micros, events = draw.randrange(10 ** 15), []
    for _ in range(30):
        micros += round(draw.choice([20, 60, 200, 86_400 * draw.uniform(0.3, 6)]) * 1e6)
        value = None if highest is None else float(draw.randint(1, highest))
        events.append(Event("", kind, f"i{draw.random()}", micros, (f"c{draw.random()}",), value))
    return events


class StarterParts(unittest.TestCase):
    def setUp(self):
        self.model, self.inputs = starter_model(), window(USERS, LENGTH, time=True)

    def segments(self, **changed) -> dict:
        """Relative to the segment that is now, which has length 1: the whole vector is scaled to unit length."""
        vectors = self.model(**{**self.inputs, **changed})[0]
        segments = {segment["name"]: vectors[:, segment["from"]:segment["from"] + segment["length"]] for segment in self.model.segments()}
        return {name: cells / segments["now"].norm(dim=1, keepdim=True) for name, cells in segments.items()}

    def test_they_lie_side_by_side_and_fill_the_vector(self):
        lengths = [segment["length"] for segment in self.model.segments()]
        self.assertEqual([segment["from"] for segment in self.model.segments()], [0, *torch.tensor(lengths).cumsum(0).tolist()[:-1]])
        self.assertEqual(sum(lengths), self.model.shape.dimension)
        self.assertEqual(self.model.segments()[3]["names"], list(SCALES))

    def test_what_lasts_and_categories_have_their_weights_and_do_not_depend_on_the_order_of_events(self):
        segments = self.segments()
        turned = self.segments(items=self.inputs["items"].flip(1), categories=self.inputs["categories"].flip(1))
        for name, weight in (("lasting", WEIGHTS["lasting"]), ("categories", WEIGHTS["categories"])):
            torch.testing.assert_close(segments[name].norm(dim=1), torch.full((USERS,), weight))
            torch.testing.assert_close(turned[name], segments[name])
        self.assertGreater((turned["now"] - segments["now"]).abs().max().item(), 1e-2)

    def test_what_lasts_and_categories_and_facts_depend_on_their_inputs_alone(self):
        segments = self.segments()
        other = {"items": self.inputs["items"].flip(0), "categories": self.inputs["categories"].flip(0),
                 "values": self.inputs["values"] + 1, "time": self.inputs["time"].flip(0),
                 "attributes": torch.zeros_like(self.inputs["attributes"])}
        other |= {name: self.inputs[name].flip(0) for name in ("kinds", "gaps")}
        moved = {"items": {"lasting"}, "categories": {"categories"}, "attributes": set(),
                 **{name: {"facts"} for name in ("kinds", "gaps", "values", "time")}}
        for name, cells in other.items():
            changed = self.segments(**{name: cells})
            found = {each for each in segments if (changed[each] - segments[each]).abs().max() > 1e-4}
            self.assertEqual(found - {"now"}, moved[name], name)

    def test_prices_are_apart_from_ratings_and_what_a_window_lacks_is_the_mean(self):
        gaps, time = [[1, 3, 3]] * 3, [[0.0, 0.0]] * 3
        facts = facts_of(self.model, items=[[5, 6, 7]] * 3, gaps=gaps, time=time,
                         kinds=[[VIEW, PURCHASE, VIEW], [RATING] * 3, [VIEW, RATING, VIEW]],
                         values=[[1.7, 1.7, 0.0], [0.6, 0.6, 0.6], [1.0, 0.4, 0.0]])
        torch.testing.assert_close(facts["price"], torch.tensor([0.0, 0.0, (1.0 - 1.7) / 1.2]))
        torch.testing.assert_close(facts["rating"], torch.tensor([0.0, 1.0, -1.0]))
        torch.testing.assert_close(facts["with a value"], torch.tensor([(2 / 3 - 0.5) / 0.4, 1.25, (2 / 3 - 0.5) / 0.4]))
        torch.testing.assert_close(facts["share of rating"], torch.tensor([-2 / 3, 8 / 3, ((1 / 3) ** 0.5 - 0.2) / 0.3]))

    def test_one_event_has_no_rhythm_and_one_value_no_spread(self):
        facts = facts_of(self.model, items=[[0, 5], [5, 6]], gaps=[[0, 1], [1, 2]], time=[[0.0, 0.0]] * 2,
                         kinds=[[0, RATING], [VIEW, RATING]], values=[[0.0, 0.6], [1.7, 0.6]])
        for name in ("spread of prices", "spread of ratings"):
            self.assertEqual(facts[name].tolist(), [0.0, 0.0], name)
        for name in ("span", "sessions", "at once", "pause"):
            self.assertEqual(facts[name][0].item(), 0.0, name)
            self.assertNotEqual(facts[name][1].item(), 0.0, name)
        self.assertGreater(facts["rating"].min().item(), 0.0)

    def test_facts_are_clipped_and_what_is_not_known_is_no_negative_zero(self):
        cells = self.model.facts(items=torch.tensor([[5]]), kinds=torch.tensor([[VIEW]]), gaps=torch.tensor([[1]]),
                                 values=torch.tensor([[1e9]]), time=torch.zeros(1, 2))
        price = list(SCALES).index("price")
        self.assertAlmostEqual(cells[0, price].item() * len(SCALES) ** 0.5, FARTHEST, places=5)
        self.assertFalse(torch.signbit(cells[cells == 0]).any())

    def test_strangers_have_the_cosine_that_the_documentation_says(self):
        model, encoder, draw = load_model(ROOT / "models/starter/3"), load_encoder(ROOT / "models/starter/3"), random.Random(1)
        for kind, highest, expected in (("view", None, 0.15), ("purchase", 60, 0.25), ("rating", 5, 0.25)):
            windows = [encoder.window(stranger(draw, kind, highest), {}) for _ in range(60)]
            batch = {name: torch.tensor([window[name] for window in windows]) for name in windows[0]}
            vectors, _ = model(**batch)
            apart = ~torch.eye(len(vectors), dtype=torch.bool)
            self.assertAlmostEqual((vectors @ vectors.T)[apart].mean().item(), expected, delta=0.03, msg=kind)

    def test_an_empty_window_has_no_facts_and_padding_adds_none(self):
        empty = {name: torch.zeros_like(cells) for name, cells in self.inputs.items()}
        facts = ("items", "kinds", "gaps", "values", "time")
        self.assertEqual(self.model.facts(**{name: empty[name] for name in facts}).abs().max().item(), 0.0)
        wide = padded(self.inputs, 4)
        torch.testing.assert_close(self.model.facts(**{name: wide[name] for name in facts}),
                                   self.model.facts(**{name: self.inputs[name] for name in facts}))


if __name__ == "__main__":
    unittest.main()
