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
from golden import as_tensors, contents_of
from events import event_of
from test_model import catalogue_model, starter_model


def run_script(name: str, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-W", "ignore", TRAINING / name, *map(str, arguments)], capture_output=True, text=True)


def make_package(*arguments) -> subprocess.CompletedProcess:
    return run_script("make_package.py", *arguments)


# Runs a script that is interrupted as Ctrl-C does right behind a printed line that begins so, however fast or slow the machine is.
# A background job of a shell inherits Ctrl-C as ignored, and a run that ignores it would go on to its end.
INTERRUPTED = """
import builtins, os, runpy, signal, sys
line, script, show = sys.argv[1], sys.argv[2], print
signal.signal(signal.SIGINT, signal.default_int_handler)
def interrupting(*values, **options):
    show(*values, **options)
    if str(values[0]).startswith(line):
        os.kill(os.getpid(), signal.SIGINT)
builtins.print = interrupting
sys.argv = sys.argv[2:]
sys.path.insert(0, os.path.dirname(script))
runpy.run_path(script, run_name="__main__")
"""


def stop_after(line: str, *arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, "-W", "ignore", "-c", INTERRUPTED, line, TRAINING / "make_package.py", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def few_users(folder, prefix: str = "u00") -> list:
    """Arguments for the events of the demo users whose ids begin like this."""
    data = Path(folder) / f"{prefix}.ndjson"
    lines = (ROOT / "demo/events.ndjson").read_text("utf-8").splitlines()
    data.write_text("\n".join(line for line in lines if f'"{prefix}' in line), "utf-8")
    return ["--data", f"events:{data}", "--attributes", ROOT / "demo/users.ndjson", "--minutes", "60", "--config", "tiny"]


class Package(unittest.TestCase):
    def assert_proves_itself(self, folder: Path):
        """Files as listed; raw windows give the inputs, and the weights read back from the graph give the vectors."""
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        self.assertEqual((manifest["name"], manifest["version"]), (folder.parent.name, folder.name))
        self.assertEqual(sorted(manifest["files"]), sorted(f.name for f in folder.iterdir() if f.name != "manifest.json"))
        for name, expected in manifest["files"].items():
            self.assertEqual(hashlib.sha256((folder / name).read_bytes()).hexdigest(), expected)
        samples = json.loads((folder / "golden.json").read_text("utf-8"))["samples"]
        model, encoder = load_model(folder), load_encoder(folder, contents_of(samples))
        self.assertGreaterEqual(len(samples), 20)
        self.assertLessEqual({1, 2, 100, 130}, {len(s["events"]) for s in samples})
        for sample in samples:
            events = [event_of({"userId": "u", **raw}, "golden") for raw in sample["events"]]
            inputs = encoder.window(events, sample["attributes"])
            self.assertEqual({name: cells for name, cells in inputs.items() if name != "content"}, sample["inputs"])
            with torch.no_grad():
                vector, attention = model(**as_tensors(inputs))
            np.testing.assert_allclose(vector[0].numpy(), sample["vector"], atol=1e-5)
            np.testing.assert_allclose(attention[0].numpy(), sample["attention"], atol=1e-5)
        lacking = [{name for s in samples for e in s["events"] for name in ("categories", "value") if name not in e}]
        self.assertEqual(lacking, [{"categories", "value"}])

    def test_the_committed_packages_prove_themselves(self):
        for package in ("models/starter/2", "tests/packages/tiny/1", "tests/packages/content/1"):
            with self.subTest(package):
                self.assert_proves_itself(ROOT / package)

    def test_the_same_run_gives_the_same_package_and_it_proves_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            data = few_users(folder)
            runs = [Path(folder) / name / "few" / "7" for name in ("one", "two")]
            for run in runs:
                done = make_package(*data, "--out", run)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout, r"epoch 1 of 12: loss [\d.]+, valid hr@10 [\d.]+ .* events/s, at most [\d.]+ min")
            self.assert_proves_itself(runs[0])
            self.assertEqual(*((run / "golden.json").read_bytes() for run in runs))
            self.assert_items_are_the_models(runs[0])
            self.assertEqual(sorted(f.name for f in Path(f"{runs[0]}.run").iterdir()), ["curve.svg", "progress.csv"])

    def test_a_run_that_was_stopped_goes_on_to_the_same_package(self):
        with tempfile.TemporaryDirectory() as folder:
            data = few_users(folder)
            whole, stopped = Path(folder) / "a" / "few" / "1", Path(folder) / "b" / "few" / "1"
            self.assertEqual(make_package(*data, "--out", whole).returncode, 0)
            interrupted = stop_after("epoch 5", *data, "--out", stopped)
            self.assertEqual(interrupted.returncode, 1, interrupted.stderr)
            self.assertIn("stopped; the same command goes on from the last validation", interrupted.stderr)
            self.assertFalse(stopped.exists())
            other = make_package(*data, "--out", stopped, "--seed", "9")
            self.assertEqual(other.returncode, 1)
            self.assertIn("with another seed: give the same arguments to resume it", other.stderr)
            done = make_package(*data, "--out", stopped)
            self.assertRegex(done.stdout, r"resuming after epoch \d+ of 12")
            self.assertEqual((stopped / "model.onnx").read_bytes(), (whole / "model.onnx").read_bytes())

    def test_a_package_goes_on_with_more_users_and_items_in_the_same_space(self):
        with tempfile.TemporaryDirectory() as folder:
            first, second = (Path(folder) / "few" / version for version in "12")
            self.assertEqual(make_package(*few_users(folder, "u00"), "--out", first).returncode, 0)
            done = make_package(*few_users(folder, "u0"), "--out", second, "--from", first, "--set", "learning_rate=0.001")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(second)
            before, after = (json.loads((p / "vocabulary.json").read_text("utf-8")) for p in (first, second))
            for name in ("items", "categories"):
                self.assertEqual(before[name], {word: after[name][word] for word in before[name]})
            self.assertGreater(len(after["items"]), len(before["items"]))
            alignment = json.loads((second / "manifest.json").read_text("utf-8"))["alignment"]
            self.assertEqual(alignment["package"], "few/1")
            self.assertGreater(alignment["cosine"]["mean"], 0.8)

    def test_content_is_an_input_of_a_package_that_goes_on_only_with_content(self):
        with tempfile.TemporaryDirectory() as folder:
            data, items = few_users(folder), Path(folder) / "items.ndjson"
            self.assertEqual(run_script("content_items.py", *data[:2], "--dimension", "3", "--out", items).returncode, 0)
            first, second, bare = (Path(folder) / "few" / version for version in "123")
            done = make_package(*data, "--items", items, "--set", "epochs=2", "--out", first)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(first)
            manifest = json.loads((first / "manifest.json").read_text("utf-8"))
            self.assertEqual(manifest["inputs"]["content"], {"dimension": 3})
            graph = onnx.load(str(first / "model.onnx")).graph
            self.assertEqual([i.name for i in graph.input], ["items", "kinds", "categories", "gaps", "values", "attributes", "content"])
            samples = json.loads((first / "golden.json").read_text("utf-8"))["samples"]
            carried = {event["itemId"] for sample in samples for event in sample["events"] if "content" in event}
            self.assertTrue(any(item.startswith("nobody-has-this") for item in carried))

            done = make_package(*data, "--items", items, "--from", first, "--out", second)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(second)
            asked = run_script("evaluate.py", "--package", first, *data[:4], "--items", items)
            figures = {name: json.loads(asked.stdout)[name] for name in ("hr@10", "ndcg@10", "users")}
            self.assertEqual(figures, manifest["metrics"]["test"])
            refused = make_package(*data, "--from", first, "--out", bare)
            self.assertEqual((refused.returncode, bare.exists()), (1, False))
            self.assertIn("takes content of 3 numbers, --items has 0", refused.stderr)

    def test_bad_content_ends_with_one_line_that_says_where(self):
        with tempfile.TemporaryDirectory() as folder:
            data, items, out = few_users(folder), Path(folder) / "items.ndjson", Path(folder) / "x" / "1"
            for line, words in (('{"content":[1]}', "line 2: field itemId"), ('{"itemId":"i","content":[1]}', "line 2: field content has 1 numbers"),
                                ('{"itemId":"i","content":[1,null]}', "line 2: field content must be a list"), ('{"itemId":"i","content":[1,1e999]}', "line 2: field content must be a finite")):
                items.write_text('{"itemId":"baby-001","content":[1,2]}\n' + line + "\n", "utf-8")
                done = make_package(*data, "--items", items, "--out", out)
                self.assertEqual((done.returncode, out.exists()), (1, False))
                self.assertIn(words, done.stderr)
            items.write_text('{"itemId":"baby-001"}\n', "utf-8")
            self.assertIn("no item has content", make_package(*data, "--items", items, "--out", out).stderr)
            items.write_text('{"itemId":"baby-001","content":[1]}\n', "utf-8")
            self.assertIn("a starter takes no content", make_package(*data[:-1], "starter", "--items", items, "--out", out).stderr)

    def test_layers_of_another_catalogue_are_where_a_package_begins(self):
        with tempfile.TemporaryDirectory() as folder:
            other, mine, still = (Path(folder) / name / "1" for name in ("other", "mine", "still"))
            self.assertEqual(make_package(*few_users(folder, "u00"), "--out", other).returncode, 0)
            data = [*few_users(folder, "u01"), "--encoder-from", other]
            done = make_package(*data, "--out", still, "--set", "learning_rate=1e-30", "--set", "epochs=1")
            self.assertEqual(done.returncode, 0, done.stderr)
            before, begun = (dict(load_model(p).named_parameters()) for p in (other, still))
            np.testing.assert_array_equal(begun["towers.0.blocks.0.up.weight"].detach(), before["towers.0.blocks.0.up.weight"].detach())
            self.assertFalse(np.array_equal(begun["towers.0.item.weight"][:9].detach(), before["towers.0.item.weight"][:9].detach()))
            refused = make_package(*data, "--out", mine, "--set", "dimension=32")
            self.assertEqual((refused.returncode, mine.exists()), (1, False))
            self.assertIn("of another shape; give the same dimension", refused.stderr)

    def test_half_precision_takes_half_the_room_and_its_golden_samples_are_its_own(self):
        with tempfile.TemporaryDirectory() as folder:
            whole, half = Path(folder) / "few" / "1", Path(folder) / "half" / "1"
            self.assertEqual(make_package(*few_users(folder), "--out", whole, "--set", "epochs=1", "--set", "dimension=64").returncode, 0)
            done = run_script("export.py", "--package", whole, "--out", half, "--float16")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(half)
            self.assertLess((half / "model.onnx").stat().st_size, 0.7 * (whole / "model.onnx").stat().st_size)

    def test_a_starter_is_trained_and_has_no_item_vectors(self):
        with tempfile.TemporaryDirectory() as folder:
            data, out = few_users(folder), Path(folder) / "any" / "1"
            done = make_package(*data[:-1], "starter", "--set", "epochs=2", "--out", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(out)
            self.assertFalse((out / "items.f32").exists())
            asked = run_script("evaluate.py", "--package", out, *data[:2])
            self.assertEqual((asked.returncode, asked.stdout), (1, ""))
            self.assertIn("has no item vectors to rank; neighbours.py", asked.stderr)

    def assert_items_are_the_models(self, folder: Path):
        words = json.loads((folder / "vocabulary.json").read_text("utf-8"))["items"]
        items = np.fromfile(folder / "items.f32", "<f4").reshape(len(words) + 2, -1)
        self.assertEqual(items.shape[1], json.loads((folder / "manifest.json").read_text("utf-8"))["dimension"])
        np.testing.assert_allclose(items, load_model(folder).item_vectors().detach().numpy(), atol=1e-7)

    def test_bad_data_ends_with_one_line_that_says_where(self):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "events.ndjson"
            data.write_text('{"userId":"u","kind":"view","itemId":"i"}\n', "utf-8")
            done = make_package("--data", f"events:{data}", "--config", "tiny", "--out", Path(folder) / "x" / "1")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stderr.startswith("make_package: "), done.stderr)
        self.assertIn(f"{data} line 1: field timestamp", done.stderr)

    def test_what_cannot_work_ends_with_one_line_before_anything_is_lost(self):
        with tempfile.TemporaryDirectory() as folder:
            data, kept = few_users(folder), Path(folder) / "models" / "1" / "model.onnx"
            kept.parent.mkdir(parents=True)
            kept.write_text("mine")
            short = Path(folder) / "short.txt"
            short.write_text("u a b c\nv a b c\n")
            new = Path(folder) / "new" / "1"
            for arguments, words in ((["--out", kept.parents[1]], "holds something else than a package"),
                                     (["--out", new, "--set", "heads=3"], "a multiple of heads"),
                                     (["--out", new, "--set", "inputs=item"], "inputs must be some of kinds,"),
                                     (["--out", new, "--set", "nothing=1"], "with NAME one of objective"),
                                     (["--out", new, "--set", "learning_rate=1e30"], "no number any more in epoch"),
                                     (["--out", new, "--from", ROOT / "models/starter/2"], "a model of any catalogue"),
                                     (["--out", new, "--data", f"sequences:{short}"], "at least 4 events")):
                done = make_package(*data, *arguments)
                self.assertEqual(done.returncode, 1, arguments)
                self.assertRegex(done.stderr, f"^make_package: [^\n]*{words}[^\n]*\n$")
            self.assertEqual(kept.read_text(), "mine")
            self.assertFalse(new.exists())

    def test_one_user_of_four_events_is_enough_for_a_package_that_proves_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            data, out = Path(folder) / "one.txt", Path(folder) / "one" / "1"
            data.write_text("u a b c d e\n")
            done = make_package("--data", f"sequences:{data}", "--config", "tiny", "--out", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreaterEqual(len(json.loads((out / "golden.json").read_text("utf-8"))["samples"]), 20)

    def test_the_graph_has_all_inputs_whatever_the_model_uses(self):
        for model in (starter_model(attributes=()), catalogue_model((), used=False)):
            with tempfile.TemporaryDirectory() as folder:
                write_graph(Path(folder) / "model.onnx", model)
                graph = onnx.load(str(Path(folder) / "model.onnx")).graph
            self.assertEqual([i.name for i in graph.input], ["items", "kinds", "categories", "gaps", "values", "attributes"])
        self.assertEqual(Encoder({"attributes": []}, {}, 100).attributes({"age": 3}), [])


if __name__ == "__main__":
    unittest.main()
