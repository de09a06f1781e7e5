"""Factors against numpy's own SVD, and scales against a window computed by hand."""

import unittest

import numpy as np
import torch

from histories import histories_of
from profile_training.config.tiny import CONFIG
from profile_training.counting.factors import factors, incidence, with_new_items
from profile_training.counting.fit import fit, fit_seconds, ill_scaled, seconds_of
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import vocabulary_schema
from profile_training.model.factory import model_of


class Factors(unittest.TestCase):
    def test_an_item_that_is_met_twice_counts_once_and_popular_items_count_less(self):
        cells = incidence(torch.tensor([0, 0, 0, 1]), torch.tensor([0, 0, 1, 1]), (2, 2), power=-1.0).to_dense()
        torch.testing.assert_close(cells, torch.tensor([[1.0, 0.5], [0.0, 0.5]]) * torch.tensor([[0.5], [1.0]]).sqrt())

    def test_they_span_the_first_right_singular_vectors(self):
        users, items = torch.randint(30, (2, 400), generator=torch.Generator().manual_seed(1))
        matrix = incidence(users, items, (30, 30))
        found = factors(matrix, 5).numpy()
        _, _, v = np.linalg.svd(matrix.to_dense().numpy())
        np.testing.assert_allclose(found @ found.T, v[:5].T @ v[:5], atol=5e-3)

    def test_beyond_the_rank_they_are_zero(self):
        found = factors(incidence(torch.tensor([0, 1]), torch.tensor([0, 1]), (2, 3)), 8)
        self.assertEqual(found.shape, (3, 8))
        self.assertEqual(found[:, 3:].abs().max().item(), 0.0)

    def test_known_factors_stay_and_a_new_item_is_where_its_users_are(self):
        matrix = incidence(torch.tensor([0, 0, 1, 1, 1]), torch.tensor([0, 2, 0, 1, 3]), (2, 5))
        known = torch.tensor([[1.0, 0], [0, 2], [0, 0], [0, 0], [0, 0]])
        found = with_new_items(known, matrix)
        torch.testing.assert_close(found[:2], known[:2])
        self.assertGreater(found[2, 0].item(), 0.0)
        self.assertEqual(found[2, 1].item(), 0.0)        # its only user met the first item alone
        self.assertGreater(found[3, 1].item(), 0.0)      # its user met both
        self.assertEqual(found[4].abs().max().item(), 0.0)  # nobody met it


class Fit(unittest.TestCase):
    @staticmethod
    def fitted() -> tuple:
        """The log, and the facts of a model that was fitted to it, with their names."""
        histories = histories_of(u="abcdefgh", v="abab", w="aa", x="bcde", y="cdefgh", z="dh")
        encoder = Encoder(*vocabulary_schema(CONFIG, histories, {}), 100)
        data, model = encode_histories(histories, {}, encoder), model_of(CONFIG, encoder.inputs)
        fit_seconds(model, CONFIG.gaps)
        fit(model, data, data.lengths())
        return data, model.facts, model.facts.names()

    def test_facts_are_scaled_by_the_windows_of_the_log_and_what_never_varies_is_zero(self):
        data, facts, names = self.fitted()
        self.assertEqual(facts.scale[names.index("value")].item(), 0.0)   # no event has a value
        self.assertGreater(facts.scale[names.index("events")].item(), 0.0)
        varying = (facts.scale > 0).sum().item()
        self.assertAlmostEqual(facts.weight[names.index("events")].item(), varying ** -0.5, places=5)
        self.assertAlmostEqual(facts.popularity[2].item(), np.log(4), places=5)  # three users met a

    def test_facts_that_scales_of_another_log_clip_or_leave_out_are_named(self):
        data, facts, names = self.fitted()
        self.assertEqual(ill_scaled(facts, data, data.lengths()), [])
        facts.mean.data[names.index("popularity")], facts.scale.data[names.index("popularity")] = 100.0, 1.0
        facts.scale.data[names.index("events")] = 0.0
        self.assertEqual(ill_scaled(facts, data, data.lengths()), ["popularity is clipped in 100% of the windows",
                                                                   "events varies and counts for nothing"])

    def test_a_bucket_of_gaps_stands_for_the_geometric_mean_of_its_bounds(self):
        torch.testing.assert_close(seconds_of((1, 9), 5), torch.tensor([0.0, 0.0, 0.0, 20 ** 0.5 - 1, 18.0]))
        self.assertEqual(seconds_of((), 2).tolist(), [0.0, 0.0])


if __name__ == "__main__":
    unittest.main()
