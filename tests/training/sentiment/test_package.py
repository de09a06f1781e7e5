"""The sentiment package that ships, and a tiny run from end to end on invented texts."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch

from here import ROOT
from networks import list_anew
from profile_training.data.files import sha256_of
from profile_training.errors import DataError
from profile_training.package.reader import read_json
from profile_training.sentiment.agreement import outputs_of
from profile_training.sentiment.golden import TEXTS
from profile_training.sentiment.package import load_sentiment
from runs import run_here, run_script
from sentiment.texts import invented

SHIPPED = ROOT / "models/sentiment/5"


class Package(unittest.TestCase):
    def assert_proves_itself(self, folder: Path):
        """Files as listed; the texts give the tokens, and the weights read back from the graph give the scores."""
        manifest = read_json(folder, "manifest.json")
        for name, digest in manifest["files"].items():
            self.assertEqual(sha256_of(folder / name), digest)
        model, its_tokenizer = load_sentiment(folder)
        samples = read_json(folder, "golden.json")["samples"]
        self.assertGreaterEqual(len(samples), 20)
        self.assertEqual([s["text"] for s in samples], list(TEXTS))
        for sample in samples:
            self.assertEqual(its_tokenizer.tokens(sample["text"]).tolist(), sample["tokens"])
        expected = [[s[name] for s in samples] for name in ("score", "opinion")]
        np.testing.assert_allclose(outputs_of(model, its_tokenizer, TEXTS), expected, atol=1e-5)
        tokens = torch.tensor([samples[0]["tokens"] + [0] * 40])
        score, opinion, attention = model(tokens)
        self.assertAlmostEqual(score.item(), samples[0]["score"], places=4)
        self.assertAlmostEqual(opinion.item(), samples[0]["opinion"], places=4)
        self.assertTrue(0 < manifest["leastOpinion"] < 1)
        self.assertAlmostEqual(attention.sum().item(), 1.0, places=4)
        self.assertEqual(attention[tokens == 0].abs().max().item(), 0.0)

    def test_the_package_that_ships_proves_itself(self):
        self.assert_proves_itself(SHIPPED)

    def test_a_tiny_run_learns_and_its_package_proves_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            data, out = invented(Path(folder) / "texts.csv", 1_500, seed=1), Path(folder) / "tiny" / "1"
            done = run_script("make_sentiment", "--data", f"csv:{data}", "--config", "tiny", "--minutes", "60", "--out", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(out)
            figures = json.loads(done.stdout.splitlines()[-1])["test"]
            self.assertGreater(figures["texts"]["model"], 0.95)
            self.assertLess(figures["texts"]["majority"], 0.65)
            scores, opinions = outputs_of(*load_sentiment(out), ["the kettle is awful today", "今天 水壶 很好", "жщч ъыэ юяё"])
            self.assertLess(scores[0], 0)
            self.assertGreater(scores[1], 0)
            self.assertLess(opinions[2], opinions[:2].min())
            self.assert_another_build_is_told(out)

    def assert_another_build_is_told(self, folder: Path):
        graph = onnx.load(str(folder / "model.onnx"))
        shape = next(entry for entry in graph.metadata_props if entry.key == "shape")
        shape.value = json.dumps(json.loads(shape.value) | {"width": 16})
        onnx.save(graph, str(folder / "model.onnx"))
        list_anew(folder)
        with self.assertRaisesRegex(DataError, "another build of make_sentiment.py; train"):
            load_sentiment(folder)

    def test_bad_data_ends_with_one_line_that_says_where(self):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "texts.csv"
            data.write_text("label,text\nyes,fine\n", "utf-8")
            done = run_here("make_sentiment", "--data", f"csv:{data}", "--config", "tiny", "--out", Path(folder) / "x" / "1")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^make_sentiment: [^\n]*texts.csv line 2[^\n]*\n$")


if __name__ == "__main__":
    unittest.main()
