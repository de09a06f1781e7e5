"""What every package has to prove, whether it was trained in this run or is part of the project."""

import json
import unittest
from pathlib import Path

import numpy as np
import torch

from profile_training.data.event import event_of
from profile_training.data.files import sha256_of
from profile_training.package.golden import as_tensors, contents_of
from profile_training.package.reader import load_encoder, load_model, read_json


class PackageTest(unittest.TestCase):
    def assert_proves_itself(self, folder: Path):
        """Files as listed; raw windows give the inputs, and the weights read back from the graph give the vectors."""
        manifest = read_json(folder, "manifest.json")
        self.assertEqual((manifest["name"], manifest["version"]), (folder.parent.name, folder.name))
        self.assertEqual(sorted(manifest["files"]), sorted(f.name for f in folder.iterdir() if f.name != "manifest.json"))
        for name, expected in manifest["files"].items():
            self.assertEqual(sha256_of(folder / name), expected)
        samples = read_json(folder, "golden.json")["samples"]
        self.assertGreaterEqual(len(samples), 20)
        self.assertLessEqual({1, 2, 100, 130}, {len(s["events"]) for s in samples})
        lacking = [{name for s in samples for e in s["events"] for name in ("categories", "value") if name not in e}]
        self.assertEqual(lacking, [{"categories", "value"}])
        model, encoder = load_model(folder), load_encoder(folder, contents_of(samples))
        for sample in samples:
            self.assert_reproduced(sample, model, encoder)

    def assert_reproduced(self, sample: dict, model, encoder):
        events = [event_of({"userId": "u", **raw}, "golden") for raw in sample["events"]]
        inputs = encoder.window(events, sample["attributes"])
        self.assertEqual({name: cells for name, cells in inputs.items() if name != "content"}, sample["inputs"])
        with torch.no_grad():
            vector, attention = model(**as_tensors(inputs))
        np.testing.assert_allclose(vector[0].numpy(), sample["vector"], atol=1e-5)
        np.testing.assert_allclose(attention[0].numpy(), sample["attention"], atol=1e-5)

    def assert_items_are_the_models(self, folder: Path):
        words = json.loads((folder / "vocabulary.json").read_text("utf-8"))["items"]
        items = np.fromfile(folder / "items.f32", "<f4").reshape(len(words) + 2, -1)
        self.assertEqual(items.shape[1], read_json(folder, "manifest.json")["dimension"])
        np.testing.assert_allclose(items, load_model(folder).item_vectors().detach().numpy(), atol=1e-7)
