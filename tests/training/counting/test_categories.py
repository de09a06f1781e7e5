"""Which categories are counted, and the factors of many categories against numpy's own SVD."""

import unittest

import numpy as np
import torch

from histories import histories_of
from networks import catalogue_model
from profile_training.counting.categories import (MOST, Categories, categories_of_log, counted_categories, item_incidence, named,
                                                  rows_from_items, shares_of)
from profile_training.counting.fit import fit_shares
from profile_training.data.event import Event

ITEMS, USERS = 120, 200


def categories_of_item(number: int) -> tuple:
    """One of 40 and one of 5; they determine each other's sums, as a shop's categories and departments do."""
    return f"c{number % 40:02d}", f"d{number % 40 // 8}"


def many(users: int = USERS) -> dict:
    draw = np.random.default_rng(3)
    taste = draw.dirichlet(np.full(ITEMS, 0.1), users)
    return {f"u{u}": [Event(f"u{u}", "view", f"i{i}", n, categories_of_item(i)) for n, i in enumerate(draw.choice(ITEMS, 30, p=taste[u]))]
            for u in range(users)}


def lengths_of(histories: dict) -> np.ndarray:
    return np.array([len(events) for events in histories.values()])


class Names(unittest.TestCase):
    def test_those_of_the_most_events_in_the_order_of_their_names(self):
        events = [Event("u", "view", f"i{n}", n, (f"c{n % 50:02d}", "all")) for n in range(50 + MOST)]
        found = counted_categories({"u": events}, MOST)
        self.assertEqual(found, sorted(["all", *(f"c{n:02d}" for n in range(MOST - 1))]))

    def test_each_has_a_number_of_its_own_unless_there_are_more_than_32(self):
        for count, factors in ((MOST, False), (MOST + 1, True)):
            histories = {"u": [Event("u", "view", f"i{n}", n, (f"c{n:02d}",)) for n in range(count)], "v": []}
            found = categories_of_log(histories, lengths_of(histories))
            self.assertEqual((len(found.names), found.length, found.factors), (count, MOST, factors))
        self.assertTrue(torch.equal(categories_of_log({"u": histories["u"][:3]}, np.array([3])).rows, torch.eye(3)))


class Fit(unittest.TestCase):
    def test_an_item_counts_for_all_its_categories_and_a_category_for_itself(self):
        model = catalogue_model((), lasting=4)
        model.shares.of_item.data.zero_()
        model.shares.of_category.data.zero_()
        histories = histories_of(u="ab")
        histories["u"] = [event._replace(categories=("x", "z", "none")) for event in histories["u"]]
        fit_shares(model.shares, named(["x", "y", "z"]), histories, {"items": {"a": 2}, "categories": {"x": 2, "y": 3, "none": 4}})
        self.assertEqual(model.shares.of_item[2].tolist(), [1.0, 0.0, 1.0])
        self.assertEqual(model.shares.of_item[3:].abs().max().item(), 0.0)
        self.assertEqual(model.shares.of_category[2:5].tolist(), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
        self.assertEqual(model.shares.names, ["x", "y", "z"])

    def test_an_item_has_the_sum_of_the_factors_of_its_categories(self):
        shares, rows = catalogue_model((), lasting=4, category_factors=True).shares, torch.tensor([[1.0, -2, 0], [0, 1, 3]])
        histories = {"u": [Event("u", "view", "a", 0, ("x", "y")), Event("u", "view", "b", 1, ("y",)), Event("u", "view", "a", 2, ("x",))]}
        vocabulary = {"items": {"a": 2, "b": 3}, "categories": {"x": 2, "y": 3}}
        fit_shares(shares, Categories(["x", "y"], rows, factors=True), histories, vocabulary)
        self.assertEqual(shares.of_item[2:4].tolist(), [[1.0, -1.0, 3.0], [0.0, 1.0, 3.0]])
        self.assertEqual(shares.of_category[2:4].tolist(), rows.tolist())
        self.assertEqual(shares.names, [])


class Factors(unittest.TestCase):
    def test_rows_sum_up_to_the_centred_and_weighted_shares_on_the_first_right_singular_vectors(self):
        histories = many()
        found = categories_of_log(histories, lengths_of(histories))
        shares = shares_of(histories, lengths_of(histories), found.names).to_dense().numpy()
        np.testing.assert_allclose(shares.sum(1), 1.0)
        weighed = (shares - shares.mean(0)) * shares.std(0) ** -0.5
        _, _, v = np.linalg.svd(weighed, full_matrices=False)
        vectors = v[:MOST].T
        vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(0), np.arange(MOST)])
        np.testing.assert_allclose(shares @ found.rows.numpy(), weighed @ vectors, atol=1e-5)

    def test_events_beyond_the_counted_ones_and_users_without_categories_change_nothing(self):
        histories = many()
        longer = {user: [*events, events[0]._replace(item="new", categories=("c00",))] for user, events in histories.items()}
        longer["nobody"] = [Event("nobody", "view", "i1", 0)]
        expected, found = categories_of_log(histories, lengths_of(histories)), categories_of_log(longer, np.full(USERS + 1, 30))
        self.assertTrue(torch.equal(found.rows, expected.rows))

    def test_beyond_the_rank_and_where_no_share_varies_they_are_zero(self):
        for users, rank in ((3, 2), (1, 0), (0, 0)):
            histories = many(9)
            rows = categories_of_log(histories, np.where(np.arange(9) < users, 30, 0)).rows
            self.assertTrue(rows.isfinite().all())
            self.assertEqual(rows.abs().sum(0).count_nonzero().item(), rank)

    def test_the_rows_of_a_package_are_found_from_its_items(self):
        histories, items = many(), {f"i{n}": 2 + n for n in range(ITEMS)}
        expected = categories_of_log(histories, lengths_of(histories))
        incidence = item_incidence(histories, items, expected.names)
        self.assertEqual(incidence.to_dense()[2 + 17].sum().item(), 2.0)
        of_items = torch.sparse.mm(incidence, expected.rows)
        given = torch.tensor([name.startswith("c") for name in expected.names])
        found = rows_from_items(expected.rows, given, of_items, incidence)
        torch.testing.assert_close(found, expected.rows, atol=1e-5, rtol=0)
        none = rows_from_items(torch.zeros_like(found), torch.zeros_like(given), of_items, incidence)
        torch.testing.assert_close(torch.sparse.mm(incidence, none), of_items, atol=1e-4, rtol=0)  # sums are known, parts are not

    def test_a_category_that_no_item_of_the_package_has_has_no_factors(self):
        incidence = torch.tensor([[0.0, 0, 0], [1, 0, 0]]).to_sparse()
        found = rows_from_items(torch.zeros(3, 2), torch.zeros(3, dtype=torch.bool), torch.tensor([[0.0, 0], [2, -1]]), incidence)
        torch.testing.assert_close(found, torch.tensor([[2.0, -1], [0, 0], [0, 0]]))


if __name__ == "__main__":
    unittest.main()
