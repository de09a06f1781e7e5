"""The graph's promises: padding changes nothing, no event sees the future, attention is a distribution over events."""

import itertools
import unittest

import torch

from networks import catalogue_model, padded, starter_model, window
from profile_training.model.profile_model import Tower
from profile_training.model.starter_model import HashedTable

MODELS = {"catalogue": catalogue_model, "additive": lambda: catalogue_model(attention="additive"),
          "content": lambda: catalogue_model(content=3), "three segments": lambda: catalogue_model(lasting=6),
          "items only": lambda: catalogue_model((), used=False, local=0), "starter": starter_model}


def attributes_of(model) -> int:
    return len(model.shape.attributes)


def content_of(model) -> int:
    return getattr(model.shape, "content", 0)


def window_of(model, users: int, length: int) -> dict:
    return window(users, length, attributes_of(model), content_of(model), getattr(model.shape, "time", False))


class Graph(unittest.TestCase):
    def test_padding_on_the_left_changes_nothing(self):
        for make in MODELS.values():
            model = make()
            inputs = window_of(model, 3, 6)
            vector, attention = model(**inputs)
            wide_vector, wide_attention = model(**padded(inputs, 4))
            torch.testing.assert_close(wide_vector, vector, rtol=0, atol=1e-6)
            torch.testing.assert_close(wide_attention[:, 4:], attention, rtol=0, atol=1e-6)
            self.assertEqual(wide_attention[:, :4].abs().max().item(), 0.0)

    def test_attention_sums_to_one_and_the_vector_has_unit_length_even_for_one_event(self):
        for make in MODELS.values():
            model = make()
            for length in (1, 2, 100):
                vector, attention = model(**padded(window_of(model, 3, length), 1))
                torch.testing.assert_close(vector.norm(dim=1), torch.ones(3))
                torch.testing.assert_close(attention.sum(1), torch.ones(3))

    def test_what_is_served_is_what_training_sees_of_the_newest_event(self):
        choices = itertools.product((1, 2, 3), ("dot", "additive"), (0, 4), ((), (5, 4)), (0, 3))
        for layers, attention, local, attributes, content in choices:
            model = catalogue_model(attributes, attention, local=local, layers=layers, content=content)
            for length in (1, 3, 9):
                inputs = padded(window(4, length, len(attributes), content), 2)
                vector, attention_of_events = model(**inputs)
                profiles, weights = zip(*(tower.profile(**inputs) for tower in model.towers))
                torch.testing.assert_close(vector, model.joined([p[:, -1] for p in profiles]), rtol=0, atol=2e-6)
                torch.testing.assert_close(attention_of_events, sum(w[:, -1] for w in weights) / len(weights), rtol=0, atol=2e-6)

    def test_an_event_never_sees_a_later_one(self):
        for make in MODELS.values():
            model = make()
            inputs = window_of(model, 2, 9)
            inputs.pop("time", None)  # of the facts, which are no part of a tower
            model = model.towers[1] if hasattr(model, "towers") else model
            ask = {} if isinstance(model, Tower) else {"first": 0}
            whole, _ = model.profile(**inputs, **ask)
            early, _ = model.profile(**{n: c if n == "attributes" else c[:, :5] for n, c in inputs.items()}, **ask)
            torch.testing.assert_close(whole[:, :5], early, rtol=0, atol=1e-5)
            self.assertGreater((whole[:, 5:] - whole[:, 4:5]).abs().max().item(), 1e-3)

    def test_the_order_of_events_matters(self):
        model, inputs = starter_model(), window(2, 9, time=True)
        turned = {n: c if n in ("attributes", "time") else c.flip(1) for n, c in inputs.items()}
        self.assertGreater((model(**inputs)[0] - model(**turned)[0]).abs().max().item(), 1e-2)

    def test_a_model_without_attributes_works(self):
        for model in (starter_model(()), catalogue_model(())):
            vector, _ = model(**window_of(model, 2, 5))
            torch.testing.assert_close(vector.norm(dim=1), torch.ones(2))

    def test_each_input_that_the_model_uses_changes_the_vector(self):
        model, inputs = catalogue_model(content=3), window(4, 9, content=3)
        inputs["attributes"], inputs["items"] = inputs["attributes"].clamp(min=2), inputs["items"].clamp(min=2)
        for name, cells in inputs.items():
            other = {**inputs, name: cells + 1 if name in ("values", "content") else torch.where(cells == 2, 3, 2)}
            self.assertGreater((model(**inputs)[0] - model(**other)[0]).abs().max().item(), 1e-3, name)

    def test_content_speaks_for_an_item_that_the_vocabulary_lacks(self):
        model, inputs = catalogue_model(content=3), window(2, 4, content=3)
        inputs["items"] = torch.ones(2, 4, dtype=torch.int64)
        other = {**inputs, "content": -inputs["content"]}
        self.assertGreater((model(**inputs)[0] - model(**other)[0]).abs().max().item(), 1e-2)

    def test_an_unknown_item_adds_nothing_unless_there_is_no_other(self):
        model, inputs = catalogue_model(), window(2, 4)
        inputs["items"] = torch.tensor([[5, 1, 7, 1], [1, 1, 1, 1]])
        _, attention = model(**inputs)
        self.assertEqual(attention[0, [1, 3]].abs().max().item(), 0.0)
        torch.testing.assert_close(attention.sum(1), torch.ones(2))
        before = model(**inputs)[0]
        for tower in model.towers:
            tower.item.weight.data[1] = 9.0
        torch.testing.assert_close(model(**inputs)[0], before)

    def test_an_item_has_the_score_of_its_cosine_and_a_rotation_changes_no_score(self):
        model, inputs = catalogue_model(), window(4, 9)
        before = model(**inputs)[0] @ model.item_vectors().T
        torch.testing.assert_close(model.item_vectors()[2:].norm(dim=1), torch.ones(38))
        of_towers = [tower.profile(**inputs)[0][:, -1] @ tower.item_directions().T for tower in model.towers]
        torch.testing.assert_close(before[:, 2:], sum(of_towers) / 2, rtol=0, atol=1e-5)
        self.assertEqual(model.item_vectors()[:2].abs().max().item(), 0.0)
        model.rotation.data = torch.linalg.qr(torch.randn(16, 16))[0]
        torch.testing.assert_close(model(**inputs)[0] @ model.item_vectors().T, before, rtol=0, atol=1e-5)


class Hashed(unittest.TestCase):
    def test_codes_of_different_buckets_are_nearly_orthogonal_even_when_they_share_a_digit(self):
        torch.manual_seed(0)
        table = HashedTable(128)
        codes = table(torch.tensor([0, 1, *range(2, 202), *range(2, 2 + 4096 * 200, 4096)]))
        self.assertEqual(codes[:2].abs().max().item(), 0.0)
        dots = codes[3:] @ codes[3:].T - torch.eye(399)
        self.assertAlmostEqual(codes[2].norm().item(), 1.0, places=6)
        self.assertLess(dots.triu(1).pow(2).mean().sqrt().item(), 0.09)  # 1 / sqrt(128) = 0.088


if __name__ == "__main__":
    unittest.main()
