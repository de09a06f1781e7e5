"""Packages: the committed ones against their own golden samples, and what a graph must have."""

import tempfile
import unittest
import warnings
from pathlib import Path

import onnx

from here import ROOT
from networks import catalogue_model, starter_model
from package.proof import PackageTest
from profile_training.encoding.encoder import Encoder
from profile_training.package.graph import write_graph
from runs import run_here


class Package(PackageTest):
    def test_the_committed_packages_prove_themselves(self):
        for package in ("models/starter/2", "tests/packages/tiny/1", "tests/packages/content/1"):
            with self.subTest(package):
                self.assert_proves_itself(ROOT / package)

    def test_the_graph_has_all_inputs_whatever_the_model_uses(self):
        for model in (starter_model(attributes=()), catalogue_model((), used=False)):
            with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the exporter
                write_graph(Path(folder) / "model.onnx", model)
                graph = onnx.load(str(Path(folder) / "model.onnx")).graph
            self.assertEqual([i.name for i in graph.input], ["items", "kinds", "categories", "gaps", "values", "attributes"])
        self.assertEqual(Encoder({"attributes": []}, {}, 100).attributes({"age": 3}), [])

    def test_half_precision_takes_half_the_space_and_its_golden_samples_are_its_own(self):
        with tempfile.TemporaryDirectory() as folder:
            whole, half = ROOT / "models/demo/2", Path(folder) / "half" / "1"
            done = run_here("export", "--package", whole, "--out", half, "--float16")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(half)
            self.assertLess((half / "model.onnx").stat().st_size, 0.7 * (whole / "model.onnx").stat().st_size)


if __name__ == "__main__":
    unittest.main()
