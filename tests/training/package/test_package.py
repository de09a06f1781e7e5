"""Packages: the committed ones against their own golden samples, and what a graph must have."""

import shutil
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np
import onnx

from here import ROOT
from networks import catalogue_model, change_shape, starter_model
from package.proof import PackageTest
from profile_training.encoding.encoder import Encoder
from profile_training.package.graph import write_graph
from profile_training.package.reader import read_json
from runs import few_users, run_here


class Package(PackageTest):
    def test_the_committed_packages_prove_themselves(self):
        for package in ("models/starter/3", "tests/packages/tiny/1", "tests/packages/content/1"):
            with self.subTest(package):
                self.assert_proves_itself(ROOT / package)

    def test_the_graph_has_all_inputs_whatever_the_model_uses(self):
        always = ["items", "kinds", "categories", "gaps", "values", "attributes"]
        for model, beside in ((starter_model(attributes=()), ["time"]), (catalogue_model((), used=False), [])):
            with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the exporter
                write_graph(Path(folder) / "model.onnx", model)
                graph = onnx.load(str(Path(folder) / "model.onnx")).graph
            self.assertEqual([i.name for i in graph.input], always + beside)
        self.assertEqual(Encoder({"attributes": []}, {}, 100).attributes({"age": 3}), [])

    def test_a_network_of_another_build_is_told_in_one_line(self):
        for change in ({"width": None}, {"depth": 3}, {"lasting": 8}, {"layers": 3}, {"attributes": 5}, {"heads": 0}):
            with self.subTest(change), tempfile.TemporaryDirectory() as folder:
                package = Path(folder) / "starter" / "3"
                shutil.copytree(ROOT / "models/starter/3", package)
                change_shape(package, change)
                done = run_here("neighbours", "--package", package, *few_users()[:2])
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"^neighbours: [^\n]*not of a network that this build trains; train the package anew [^\n]*\n$")

    def test_an_exported_package_has_every_file_of_the_package(self):
        with tempfile.TemporaryDirectory() as folder:
            whole, out = ROOT / "models/demo/3", Path(folder) / "demo" / "3"
            done = run_here("export", "--package", whole, "--out", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(sorted(file.name for file in out.iterdir()), sorted(file.name for file in whole.iterdir()))
            for name in ("likings.f32", "neighbours.bin", "vocabulary.json"):
                self.assertEqual((out / name).read_bytes(), (whole / name).read_bytes(), name)

    def test_half_precision_takes_less_space_and_changes_no_vector_by_more_than_it_rounds(self):
        for package, share in (("models/demo/3", 0.7), ("models/starter/3", 1.0)):  # a starter's codes are bytes as they are
            with self.subTest(package), tempfile.TemporaryDirectory() as folder:
                whole, half = ROOT / package, Path(folder) / "half" / "1"
                done = run_here("export", "--package", whole, "--out", half, "--float16")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assert_proves_itself(half)
                self.assertLess((half / "model.onnx").stat().st_size, share * (whole / "model.onnx").stat().st_size)
                for one, other in zip(*(read_json(at, "golden.json")["samples"] for at in (whole, half)), strict=True):
                    np.testing.assert_allclose(one["vector"], other["vector"], atol=0.01)


if __name__ == "__main__":
    unittest.main()
