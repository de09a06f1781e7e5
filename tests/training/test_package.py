"""Packages: a tiny run from end to end, and the committed ones, against their own golden samples."""

import hashlib
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from here import ROOT, TRAINING
import numpy as np
import onnx
import torch
from encode import Encoder
from export import load_encoder, load_model, write_graph
from golden import as_tensors
from model import ProfileModel
from prepare import event_of
from test_model import shape


def make_package(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-W", "ignore", TRAINING / "make_package.py", *map(str, arguments)],
                          capture_output=True, text=True)


class Package(unittest.TestCase):
    def assert_proves_itself(self, folder: Path):
        """Files as listed; raw windows give the inputs, and the weights read back from the graph give the vectors."""
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        self.assertEqual((manifest["name"], manifest["version"]), (folder.parent.name, folder.name))
        self.assertEqual(sorted(manifest["files"]), sorted(f.name for f in folder.iterdir() if f.name != "manifest.json"))
        for name, expected in manifest["files"].items():
            self.assertEqual(hashlib.sha256((folder / name).read_bytes()).hexdigest(), expected)
        model, encoder = load_model(folder), load_encoder(folder)
        samples = json.loads((folder / "golden.json").read_text("utf-8"))["samples"]
        self.assertGreaterEqual(len(samples), 20)
        self.assertLessEqual({1, 2, 100, 130}, {len(s["events"]) for s in samples})
        for sample in samples:
            events = [event_of({"userId": "u", **raw}, "golden") for raw in sample["events"]]
            inputs = encoder.window(events, sample["attributes"])
            self.assertEqual(inputs, sample["inputs"])
            with torch.no_grad():
                vector, attention = model(**as_tensors(inputs))
            np.testing.assert_allclose(vector[0].numpy(), sample["vector"], atol=1e-5)
            np.testing.assert_allclose(attention[0].numpy(), sample["attention"], atol=1e-5)
        lacking = [{name for s in samples for e in s["events"] for name in ("categories", "value") if name not in e}]
        self.assertEqual(lacking, [{"categories", "value"}])

    def test_the_committed_packages_prove_themselves(self):
        for package in ("models/starter/1", "tests/packages/tiny/1"):
            with self.subTest(package):
                self.assert_proves_itself(ROOT / package)

    def test_the_same_run_gives_the_same_package_and_it_proves_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "events.ndjson"
            lines = (ROOT / "demo/events.ndjson").read_text("utf-8").splitlines()
            data.write_text("\n".join(line for line in lines if '"u00' in line), "utf-8")  # 99 users
            runs = [Path(folder) / name / "few" / "7" for name in ("one", "two")]
            for run in runs:
                done = make_package("--data", f"events:{data}", "--attributes", ROOT / "demo/users.ndjson",
                                    "--config", "tiny", "--out", run)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout, r"epoch 1: loss [\d.]+, valid hr@10 [\d.]+ .* events/s, at most [\d.]+ min")
            self.assert_proves_itself(runs[0])
            self.assertEqual(*((run / "golden.json").read_bytes() for run in runs))
            self.assert_items_are_the_models(runs[0])

    def assert_items_are_the_models(self, folder: Path):
        words = json.loads((folder / "vocabulary.json").read_text("utf-8"))["items"]
        items = np.fromfile(folder / "items.f32", "<f4").reshape(len(words) + 2, -1)
        self.assertEqual(items.shape[1], json.loads((folder / "manifest.json").read_text("utf-8"))["dimension"])
        np.testing.assert_array_equal(items[2:], load_model(folder).item.weight.detach().numpy()[2:])

    def test_bad_data_ends_with_one_line_that_says_where(self):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "events.ndjson"
            data.write_text('{"userId":"u","kind":"view","itemId":"i"}\n', "utf-8")
            done = make_package("--data", f"events:{data}", "--config", "tiny", "--out", Path(folder) / "x" / "1")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, f"make_package: {data} line 1: field timestamp must be a text that is not empty\n")

    def test_the_graph_keeps_all_its_inputs_without_any_attribute(self):
        with tempfile.TemporaryDirectory() as folder:
            write_graph(Path(folder) / "model.onnx", ProfileModel(shape(True, attributes=())))
            graph = onnx.load(str(Path(folder) / "model.onnx")).graph
        self.assertEqual([i.name for i in graph.input], ["items", "kinds", "categories", "gaps", "values", "attributes"])
        self.assertEqual(Encoder({"attributes": []}, {}, 100).attributes({"age": 3}), [])


if __name__ == "__main__":
    unittest.main()
