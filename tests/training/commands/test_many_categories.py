"""A log of more than 32 categories: its package has factors of them, and the next version keeps what a number means."""

import random
import unittest
from pathlib import Path

import numpy as np
import torch

from package.made import MadePackages
from profile_training.data.histories import read
from profile_training.data.source import Source
from profile_training.encoding.histories import encode_histories
from profile_training.evaluation.ranking import vectors
from profile_training.package.reader import load_encoder, load_model, read_json
from runs import run_here

ITEMS, GROUPS = 72, 6  # two items a category, and six categories a group, which an item has as its second category


def rows_of(users: range, items: int = ITEMS) -> list:
    """Each user has a taste of one group."""
    draw, rows = random.Random(users.start), []
    for user in users:
        for n in range(12):
            group = user % GROUPS if draw.random() < 0.8 else draw.randrange(GROUPS)
            item = draw.randrange(items // GROUPS) * GROUPS + group
            rows.append({"userId": f"u{user}", "kind": "view", "itemId": f"i{item}", "categories": [f"c{item % 36:02d}", f"group-{group}"],
                         "timestamp": f"2026-11-{1 + n:02d}T10:{user % 60:02d}:00Z"})
    return rows


class ManyCategories(MadePackages):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.written("log", rows_of(range(90)))
        new = [{**row, "categories": [*row["categories"], "new"]} if row["itemId"] > "i8" else row for row in rows_of(range(90, 120), 108)]
        cls.later = cls.written("later", rows_of(range(90)) + new)
        cls.first = cls.made("shop/1", cls.log)

    def categories(self, package: Path) -> torch.Tensor:
        """(90, 32) of the users of the first log."""
        log, encoder = read(Source.of(f"events:{self.log}")), load_encoder(package)
        data = encode_histories(log.histories, {}, encoder)
        found, (segment,) = vectors(load_model(package), data, range(90), data.lengths()), self.segments(package)
        return torch.nn.functional.normalize(found[:, segment["from"]:segment["from"] + segment["length"]], dim=1)

    def segments(self, package: Path) -> list:
        return [segment for segment in read_json(package, "manifest.json")["segments"] if segment["name"] == "categories"]

    def assert_same(self, first: Path, second: Path, least: float) -> None:
        self.assertGreater((self.categories(first) * self.categories(second)).sum(1).min().item(), least)
        self.assertIn("alignment", read_json(second, "manifest.json"))

    def test_a_package_with_factors_gives_the_same_vectors_once_it_is_read_back(self):
        self.assert_proves_itself(self.first)
        self.assertEqual(self.segments(self.first)[0]["length"], 32)
        self.assertNotIn("names", self.segments(self.first)[0])
        self.assertTrue(load_model(self.first).shape.category_factors)
        whole, half = self.categories(self.first), self.folder / "half" / "1"
        torch.testing.assert_close(whole.norm(dim=1), torch.ones(90))
        near = whole @ whole.T
        groups = np.array([int(user[1:]) % GROUPS for user in read(Source.of(f"events:{self.log}")).histories])
        self.assertGreater(near[groups[:, None] == groups].mean(), near[groups[:, None] != groups].mean() + 0.3)
        self.assertEqual(run_here("export", "--package", self.first, "--out", half, "--float16").returncode, 0)
        self.assert_proves_itself(half)
        self.assertGreater((self.categories(half) * whole).sum(1).min().item(), 0.9999)

    def test_a_version_that_goes_on_keeps_the_factors_and_a_new_item_has_those_of_its_categories(self):
        second = self.made("on/2", self.later, "--from", self.first, "--set", "replay=1")
        self.assert_proves_itself(second)
        self.assert_same(self.first, second, 0.99)
        items, shares = read_json(second, "vocabulary.json")["items"], load_model(second).shares
        self.assertNotIn("i72", read_json(self.first, "vocabulary.json")["items"])
        torch.testing.assert_close(shares.of_item[items["i72"]], shares.of_item[items["i0"]], atol=1e-2, rtol=1e-2)  # both c00, group-0

    def test_a_version_that_is_trained_anew_keeps_the_factors_too(self):
        second = self.made("shop/2", self.later, "--seed", "2")
        self.assert_proves_itself(second)
        self.assert_same(self.first, second, 0.99)

    def test_factors_of_a_package_that_forgets_are_counted_anew_and_rotated(self):
        ids = self.folder / "ids.txt"
        ids.write_text("u3\nu4\n")
        rest = self.written("rest", [row for row in rows_of(range(90)) if row["userId"] not in ("u3", "u4")])
        refit, anew = self.made("forgetful/2", self.log, "--from", self.first, "--forget", ids), self.made("anew/1", rest)
        self.assert_proves_itself(refit)
        ours, theirs = self.categories(refit), self.categories(anew)
        torch.testing.assert_close(ours @ ours.T, theirs @ theirs.T, atol=1e-4, rtol=0)
        self.assert_same(self.first, refit, 0.8)

    def test_numbers_with_names_stay_though_there_are_many_categories_later(self):
        few = self.made("few/1", self.written("few", [row for row in rows_of(range(90)) if row["categories"][0] < "c24"]))
        names = self.segments(few)[0]["names"]
        self.assertLessEqual(len(names), 32)
        later = self.made("few/2", self.log)
        self.assertEqual(self.segments(later)[0]["names"], names)
        self.assertFalse(load_model(later).shape.category_factors)


if __name__ == "__main__":
    unittest.main()
