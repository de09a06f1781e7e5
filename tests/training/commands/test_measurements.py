"""The commands that measure a package, on the packages of the project."""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

from here import ROOT
from networks import list_anew
from profile_training.package.reader import read_json
from runs import few_users, run_here


class Measurements(unittest.TestCase):
    def test_scores_of_the_demo_reviews_are_those_of_the_documentation(self):
        done = run_here("sentiment_of_events", "--package", ROOT / "models/sentiment/5", "--events", ROOT / "demo/events.ndjson")
        figures = json.loads(done.stdout.splitlines()[-1])
        written = (ROOT / "docs/sentiment.md").read_text("utf-8")
        expected = json.loads(next(line for line in written.splitlines() if line.startswith('    {"reviews"')))
        self.assertEqual((figures["reviews"], figures["mean"].keys()), (expected["reviews"], expected["mean"].keys()))
        for name in ("rankCorrelation", "goodAboveBad"):
            self.assertAlmostEqual(figures[name], expected[name], delta=0.001)

    def test_neighbours_compares_a_package_with_means_and_popularity(self):
        done = run_here("neighbours", "--package", ROOT / "models/starter/3", *few_users()[:2])
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [line[:30].strip() for line in done.stdout.splitlines()]
        self.assertEqual(rows[1:6], ["package", "mean of items", "mean of items + 0.3 categories", "mean of items + categories",
                                     "popularity"])

    def test_neighbours_refuses_a_package_that_has_no_random_codes_and_a_graph_that_is_none(self):
        done = run_here("neighbours", "--package", ROOT / "models/demo/3", *few_users()[:2])
        self.assertRegex(done.stderr, "^neighbours: [^\n]*evaluate.py measures it\n$")
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "models/starter/3", Path(folder) / "cut")
            graph = Path(folder) / "cut" / "model.onnx"
            graph.write_bytes(graph.read_bytes()[:100_000])
            list_anew(Path(folder) / "cut")
            done = run_here("neighbours", "--package", Path(folder) / "cut", *few_users()[:2])
        self.assertRegex(done.stderr, "^neighbours: [^\n]*train the package anew [^\n]*\n$")

    def test_a_package_that_takes_content_is_measured_with_content_alone(self):
        content = ROOT / "tests/packages/content/1"
        with tempfile.TemporaryDirectory() as folder:
            (ids := Path(folder) / "ids.txt").write_text("u001\n")
            (bare := Path(folder) / "items.ndjson").write_text('{"itemId":"yoga-001","categories":["yoga"]}\n')
            for name, more in (("evaluate", []), ("evaluate", ["--items", bare]), ("tasks", []), ("tasks", ["--forgotten", ids]),
                               ("tasks", ["--package", ROOT / "tests/packages/tiny/1", "--reference", content, "--forgotten", ids])):
                done = run_here(name, "--package", content, *few_users()[:2], *more)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertRegex(done.stderr, f"^{name}: [^\n]*content/1 takes content of 6 numbers: give --items, a file that has it\n$")

    def test_content_is_ignored_with_a_note_by_a_package_that_takes_none(self):
        measured = ["--package", ROOT / "tests/packages/tiny/1", *few_users()[:2]]
        with tempfile.TemporaryDirectory() as folder:
            (items := Path(folder) / "items.ndjson").write_text('{"itemId":"yoga-001","content":[1,2]}\n')
            done = run_here("evaluate", *measured, "--items", items)
        self.assertRegex(done.stderr, "tiny/1 takes no content: that of --items is ignored\n")
        self.assertEqual(done.stdout, run_here("evaluate", *measured).stdout)

    def test_the_two_graphs_of_a_reference_package_have_equal_vectors(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run_here("reference_packages", "--out", folder, "--layers", "1", "--items", "50", "--dimension", "8")
            self.assertEqual(done.returncode, 0, done.stderr)
            served, plain = (read_json(Path(folder) / f"one-{kind}", "golden.json")["samples"] for kind in ("served", "plain"))
        for one, other in zip(served, plain, strict=True):
            np.testing.assert_allclose(one["vector"], other["vector"], atol=1e-5)

    def test_the_page_of_a_hundred_million_users_is_what_its_script_computes(self):
        folder = ROOT / "docs/measurements"
        done = subprocess.run([sys.executable, folder / "hundred_million_users.py"], capture_output=True, text=True, check=True)
        self.assertGreater(len(done.stdout.splitlines()), 30)
        self.assertIn(done.stdout, (folder / "hundred-million-users.md").read_text("utf-8"))


if __name__ == "__main__":
    unittest.main()
