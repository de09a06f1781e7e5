"""A package that is made to forget users has nothing that only they taught it, and says what it was made of."""

import json
import random
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import torch

from package.made import MadePackages
from profile_training.loop.schedule import Clock
from profile_training.package.reader import load_model, read_json
from profile_training.package.warm_start import is_counted
from runs import run_here

GONE = ["gone-1", "gone-2", "gone-3"]
COUNTED = ("neighbours.bin", "likings.f32", "vocabulary.json")
LEDGER = {"ledgerSequence": 7, "exportedAt": "2026-11-27T10:00:00Z"}


def events() -> list:
    """60 users, of whom three alone know some items; without categories, whose weight is chosen on validation."""
    draw, rows = random.Random(4), []
    for user in [f"u{n}" for n in range(57)] + GONE:
        for n in range(9):
            item = f"only-{user}" if user in GONE and n == 4 else f"i{draw.randrange(30)}"
            rows.append({"userId": user, "kind": "rating", "itemId": item, "timestamp": f"2026-11-{1 + n:02d}T10:00:00Z",
                         "value": draw.randrange(1, 6)})
    draw.shuffle(rows)
    return rows


def products_of(factors: torch.Tensor) -> np.ndarray:
    """(N, N), which no rotation of the factors (N, K) changes."""
    return (factors @ factors.T).numpy()


def counted_of(package: Path) -> dict:
    """{name: what was counted}; the share is chosen on validation."""
    parameters = {name: cells.detach() for name, cells in load_model(package).named_parameters() if is_counted(name)}
    return {**parameters, "lasting.factors": products_of(parameters["lasting.factors"]), "lasting.share": 0}


class Forgets(MadePackages):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all, cls.rest = cls.written("all", events()), cls.written("rest", [row for row in events() if row["userId"] not in GONE])
        cls.ids = cls.folder / "ids.txt"
        cls.ids.write_text("\r\n".join([*GONE, "", "never-seen"]) + "\n")
        cls.ledger = cls.folder / "ledger.json"
        cls.ledger.write_text(json.dumps({**LEDGER, "users": 57, "events": 513}))
        cls.trained = cls.made("trained/1", cls.all)
        cls.refit = cls.made("refit/1", cls.all, "--from", cls.trained, "--forget", cls.ids, "--ledger", cls.ledger)

    def test_what_is_counted_is_that_of_a_log_without_them_byte_for_byte(self):
        anew = self.made("anew/1", self.rest)
        for name in COUNTED:
            self.assertEqual((self.refit / name).read_bytes(), (anew / name).read_bytes(), name)
            self.assertNotEqual((self.refit / name).read_bytes(), (self.trained / name).read_bytes(), name)
        self.assertEqual(read_json(self.refit, "manifest.json")["inputs"], read_json(anew, "manifest.json")["inputs"])
        ours, theirs = (dict(load_model(package).named_parameters()) for package in (self.refit, anew))
        for name in ("facts.popularity", "facts.mean", "facts.scale"):
            self.assertTrue(torch.equal(ours[name], theirs[name]), name)
        np.testing.assert_allclose(products_of(ours["lasting.factors"]), products_of(theirs["lasting.factors"]), atol=1e-5)

    def test_nothing_of_them_is_read_so_that_a_log_that_lacks_them_gives_the_same_package(self):
        without = self.made("without/1", self.rest, "--from", self.trained, "--forget", self.ids)
        for name in (*COUNTED, "model.onnx", "items.f32", "golden.json"):
            self.assertEqual((self.refit / name).read_bytes(), (without / name).read_bytes(), name)

    def test_neither_their_ids_nor_items_of_theirs_alone_are_in_the_package_or_beside_it(self):
        self.assert_proves_itself(self.refit)
        self.assertIn("only-gone-1", (self.trained / "vocabulary.json").read_text("utf-8"))
        for file in [*self.refit.iterdir(), *Path(f"{self.refit}.run").iterdir()]:
            self.assertNotIn(b"gone-", file.read_bytes(), file)

    def test_more_of_the_package_is_kept_if_more_is_asked_for(self):
        alike = {}
        for keep in ("0", "1"):
            with mock.patch.object(Clock, "before", 100.0):  # as if the run had been resumed
                package = self.made(f"kept-{keep}/1", self.all, "--from", self.trained, "--forget", self.ids, "--set", f"keep={keep}",
                                    "--set", "learning_rate=1e-9")
            self.assertIn("4 users to forget, of whom the log has 3", self.printed)
            spent = read_json(package, "manifest.json")["metrics"]["cpuSeconds"]
            self.assertIn(f"the refit took {spent} CPU seconds; at most 360000 were allowed", self.printed)
            ours, theirs = (dict(load_model(folder).named_parameters()) for folder in (package, self.trained))
            alike[keep] = torch.allclose(ours["towers.0.norm.weight"], theirs["towers.0.norm.weight"], atol=1e-6)
        self.assertEqual(alike, {"0": False, "1": True})

    def test_the_manifest_says_up_to_which_erasure_it_was_trained(self):
        self.assertEqual(read_json(self.refit, "manifest.json")["privacy"], {**LEDGER, "refitOf": "trained/1"})
        self.assertNotIn("privacy", read_json(self.trained, "manifest.json"))
        half = self.folder / "half" / "1"
        self.assertEqual(run_here("export", "--package", self.refit, "--out", half, "--float16").returncode, 0)
        self.assertEqual(read_json(half, "manifest.json")["privacy"], {**LEDGER, "refitOf": "trained/1"})

    def test_what_cannot_be_forgotten_ends_with_one_line(self):
        empty, everyone = self.folder / "empty.txt", self.folder / "everyone.txt"
        empty.write_text("\n")
        everyone.write_text("\n".join({row["userId"] for row in events()}))
        for arguments, words in ((["--forget", self.ids], "--forget needs --from"),
                                 (["--from", self.trained, "--forget", empty], "no ids of users"),
                                 (["--from", self.trained, "--align-with", self.trained], "--align-with cannot be given with --from"),
                                 (["--from", self.trained, "--forget", everyone], "leaves no user to train on"),
                                 (["--from", self.trained, "--forget", self.ids, "--ledger", self.ids], "not JSON")):
            done = run_here("make_package", "--data", f"events:{self.all}", "--out", self.folder / "new" / "1", *arguments)
            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.stderr, words)


class ForgetsUsersWithoutItemsOfTheirOwn(MadePackages):
    """The package has as many items as before, so that each parameter has the shape that it had."""

    def test_what_is_counted_is_that_of_a_log_without_them(self):
        rows = [{**row, "itemId": item, "categories": [f"c{int(item[1:]) % 5}"]}
                for row in events() for item in [row["itemId"] if row["itemId"].startswith("i") else "i0"]]
        every, rest = self.written("all", rows), self.written("rest", [row for row in rows if row["userId"] not in GONE])
        ids = self.folder / "ids.txt"
        ids.write_text("\n".join(GONE))
        trained, anew = self.made("trained/1", every), self.made("anew/1", rest)
        before, expected = counted_of(trained), counted_of(anew)
        self.assertLess({"lasting.factors", "shares.of_item", "facts.popularity"}, {*expected})
        self.assertEqual(before["lasting.factors"].shape, expected["lasting.factors"].shape)
        for keep in ("0.25", "1"):
            found = counted_of(self.made(f"refit-{keep}/1", every, "--from", trained, "--forget", ids, "--set", f"keep={keep}"))
            self.assertEqual(found.keys(), expected.keys())
            for name, cells in expected.items():
                np.testing.assert_allclose(found[name], cells, atol=1e-5, err_msg=f"{name}, keep {keep}")
            self.assertGreater(np.abs(found["lasting.factors"] - before["lasting.factors"]).max(), 0.01)


if __name__ == "__main__":
    unittest.main()
