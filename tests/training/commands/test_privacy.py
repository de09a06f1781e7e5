"""A package says up to which erasure it was trained only if that is true of all that it was made of."""

import contextlib
import io
import json
import tempfile
import unittest
from argparse import Namespace
from pathlib import Path

from here import ROOT
from profile_training.commands.privacy import privacy_of
from profile_training.package.reader import read_json

EARLY, LATE = ({"ledgerSequence": n, "exportedAt": f"2026-11-0{n}T00:00:00Z"} for n in (3, 5))


class Privacy(unittest.TestCase):
    def of(self, ledger, source=None, forget=None, layers=None, aligned=False) -> dict:
        """`privacy` of a package that goes on with one whose manifest has this `source`, or that begins with layers of another.

        With `aligned` it is trained anew and aligned with it.
        """
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()) as self.said:
            package = Path(folder) / "copy"
            package.mkdir()
            manifest = read_json(ROOT / "tests/packages/tiny/1", "manifest.json") | {"name": "shop", "version": "1"}
            (package / "manifest.json").write_text(json.dumps(manifest | ({"privacy": source} if source else {})))
            before = package if source is not None else None
            return privacy_of(Namespace(ledger=ledger, forget=forget, encoder_from=layers, from_package=None if aligned else before),
                              before).get("privacy")

    def test_training_anew_is_up_to_the_ledger_of_the_log(self):
        self.assertEqual(self.of(LATE), LATE)
        self.assertIsNone(self.of(None))

    def test_going_on_is_up_to_the_earlier_of_both(self):
        self.assertEqual(self.of(LATE, EARLY), EARLY)
        self.assertEqual(self.of(EARLY, LATE), EARLY)
        self.assertEqual(self.of(LATE, {**EARLY, "refitOf": "shop/0"}), {**EARLY, "refitOf": "shop/0"})

    def test_going_on_with_a_package_that_does_not_say_it_does_not_say_it_either(self):
        self.assertIsNone(self.of(LATE, {}))
        self.assertIn("will not say up to which erasure", self.said.getvalue())
        self.assertIsNone(self.of(LATE, layers=Path("shop/1")))

    def test_training_anew_is_up_to_the_earlier_of_the_log_and_the_package_that_it_is_aligned_with(self):
        self.assertEqual(self.of(LATE, EARLY, aligned=True), EARLY)
        self.assertEqual(self.of(EARLY, LATE, aligned=True), EARLY)
        self.assertEqual(self.of(LATE, {**EARLY, "refitOf": "shop/0"}, aligned=True), EARLY)  # none of its weights are in it
        self.assertIsNone(self.of(LATE, {}, aligned=True))
        self.assertIn("--align-with none takes nothing of it", self.said.getvalue())
        self.assertIsNone(self.of(LATE, EARLY, layers=Path("shop/1"), aligned=True))

    def test_a_refit_is_up_to_the_ledger_and_names_the_package_that_forgot(self):
        self.assertEqual(self.of(LATE, EARLY, forget={"u"}), {**LATE, "refitOf": "shop/1"})
        self.assertEqual(self.of(LATE, {}, forget={"u"}), {**LATE, "refitOf": "shop/1"})


if __name__ == "__main__":
    unittest.main()
