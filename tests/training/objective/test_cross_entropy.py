"""The loss that is computed with its gradient agrees with PyTorch's, and a sample of the catalogue with the whole of it."""

import unittest

import numpy as np
import torch
from torch.nn import functional as F

from profile_training.model.layers import DistinctRows
from profile_training.objective.candidates import Candidates
from profile_training.objective.cross_entropy import CrossEntropy


def plain(h, items, offset, target):
    return F.cross_entropy(h @ items.T - (0 if offset is None else offset), target)


class Loss(unittest.TestCase):
    def test_value_and_gradients_are_those_of_the_plain_way(self):
        torch.manual_seed(1)
        target = torch.randint(0, 300_000, (7,))
        for items, offset in ((torch.randn(300_000, 4), None), (torch.randn(300_000, 4), torch.rand(300_000))):  # several buffers
            ours, found = torch.randn(7, 4), []
            for h, loss in ((ours, CrossEntropy.apply), (ours.clone(), plain)):
                h.requires_grad_()
                weights = items.clone().requires_grad_()
                value = loss(h, weights, offset, target) * 3
                value.backward()
                found.append((value.detach(), h.grad, weights.grad))
            for mine, theirs in zip(*found):
                torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=1e-5)


class Rows(unittest.TestCase):
    def test_the_gradient_of_distinct_rows_is_that_of_indexing(self):
        index, found = torch.tensor([4, 0, 7]), []
        for take in (DistinctRows.apply, lambda table, rows: table[rows]):
            table = torch.arange(20.0).reshape(10, 2).requires_grad_()
            (take(table, index) ** 2).sum().backward()
            found.append(table.grad)
        torch.testing.assert_close(*found)


class Sample(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(3)
        rng = np.random.default_rng(3)
        self.counts = rng.zipf(1.5, 2000).clip(max=500)
        self.target = rng.choice(2000, 64, p=self.counts / self.counts.sum())
        self.h, self.items = torch.randn(64, 8) * 0.5, torch.randn(2000, 8)

    def test_its_expected_loss_is_near_that_of_the_whole_catalogue(self):
        share, differences = self.counts / self.counts.sum(), []
        for seed in range(300):
            rng = np.random.default_rng(seed)
            wanted = rng.choice(2000, 64, p=share)
            whole = F.cross_entropy(self.h @ self.items.T, torch.from_numpy(wanted))
            drawn, offset, target = Candidates(self.counts, 500, rng).draw(wanted)
            sampled = CrossEntropy.apply(self.h, self.items[drawn], offset, target)
            differences.append((sampled - offset[target].mean() - whole).item())  # the target's own offset trains nothing
        self.assertAlmostEqual(np.mean(differences), 0, delta=0.02)

    def test_every_target_is_among_the_candidates(self):
        drawn, _, target = Candidates(self.counts, 10, np.random.default_rng(0)).draw(self.target)
        np.testing.assert_array_equal(drawn[target].numpy(), self.target)

    def test_a_small_catalogue_competes_whole(self):
        drawn, offset, target = Candidates(self.counts, 1000, np.random.default_rng(0)).draw(self.target)
        self.assertEqual((drawn, offset), (None, None))
        np.testing.assert_array_equal(target.numpy(), self.target)


if __name__ == "__main__":
    unittest.main()
