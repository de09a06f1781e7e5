"""make_package from end to end, on a few users of the demo shop."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch

from here import ROOT
from networks import change_shape
from package.proof import PackageTest
from profile_training.package.reader import load_model, read_json
from runs import few_users, run_here, run_script, stop_after, trained_package


class Trained(PackageTest):
    def test_the_same_run_gives_the_same_package_and_it_proves_itself(self):
        first, done = trained_package()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"epoch 1 of 12: loss [\d.]+, valid hr@10 [\d.]+ .* events/s, at most [\d.]+ min")
        self.assert_proves_itself(first)
        self.assert_items_are_the_models(first)
        self.assertEqual(sorted(f.name for f in Path(f"{first}.run").iterdir()), ["curve.svg", "progress.csv"])
        with tempfile.TemporaryDirectory() as folder:
            second = Path(folder) / "few" / "1"
            self.assertEqual(run_here("make_package", *few_users(), "--out", second).returncode, 0)
            self.assertEqual((second / "golden.json").read_bytes(), (first / "golden.json").read_bytes())

    def test_a_stopped_run_resumes_to_the_same_package(self):
        with tempfile.TemporaryDirectory() as folder:
            data, stopped = few_users(), Path(folder) / "few" / "1"
            interrupted = stop_after("epoch 5", "make_package", *data, "--out", stopped)
            self.assertEqual(interrupted.returncode, 130, interrupted.stderr)
            self.assertIn("stopped; the same command resumes after the last validation", interrupted.stderr)
            self.assertFalse(stopped.exists())
            other = run_here("make_package", *data, "--out", stopped, "--seed", "9")
            self.assertEqual(other.returncode, 1)
            self.assertIn("with another seed: give the same arguments to resume it", other.stderr)
            shutil.copytree(trained_package()[0], before := stopped.with_name("0"))
            aligned = run_here("make_package", *data, "--out", stopped)
            self.assertIn("with another version before it: give the same arguments to resume it", aligned.stderr)
            shutil.rmtree(before)
            more = run_here("make_package", *data, *few_users("u01")[:2], "--out", stopped, "--config", "tiny", "--minutes", "6000")
            self.assertRegex(more.stderr, "a run with another content of --data or --items, data: give the same")
            log = Path(data[1].removeprefix("events:"))
            whole = log.read_text("utf-8")
            log.write_text(whole[:whole.rstrip().rindex("\n") + 1], "utf-8")
            less = run_here("make_package", *data, "--out", stopped)
            log.write_text(whole, "utf-8")
            self.assertRegex(less.stderr, "^make_package: [^\n]* with another content of --data or --items: give the same [^\n]*\n$")
            done = run_script("make_package", *data, "--out", stopped)
            self.assertRegex(done.stdout, r"resuming after epoch \d+ of 12")
            self.assertEqual((stopped / "model.onnx").read_bytes(), (trained_package()[0] / "model.onnx").read_bytes())

    def test_one_user_of_four_events_is_enough_for_a_package_that_proves_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            data, out = Path(folder) / "one.txt", Path(folder) / "one" / "1"
            data.write_text("u a b c d e\n")
            done = run_here("make_package", "--data", f"sequences:{data}", "--minutes", "6000", "--config", "tiny", "--out", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(read_json(out, "manifest.json")["windowRules"], {"maxEvents": 100, "mask": "history"})  # no times, no age
            self.assertGreaterEqual(len(read_json(out, "golden.json")["samples"]), 20)

    def test_a_starter_is_trained_and_has_no_item_vectors(self):
        with tempfile.TemporaryDirectory() as folder:
            data, out = few_users(), Path(folder) / "any" / "1"
            done = run_here("make_package", *data[:-1], "starter", "--set", "epochs=2", "--out", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(out)
            self.assertFalse((out / "items.f32").exists())
            measured = run_here("evaluate", "--package", out, *data[:2])
            self.assertEqual((measured.returncode, measured.stdout), (1, ""))
            self.assertIn("has no item vectors to rank; neighbours.py", measured.stderr)

            after, shipped = Path(folder) / "after" / "1", ROOT / "models/starter/3"
            done = run_here("make_package", *data[:-1], "starter", "--set", "epochs=1", "--seed", "2", "--encoder-from", shipped,
                            "--out", after)
            self.assertEqual(done.returncode, 0, done.stderr)
            codes, of_shipped = (dict(load_model(package).named_parameters()) for package in (after, shipped))
            for name in (name for name in codes if name.endswith((".high", ".low"))):
                self.assertTrue(torch.equal(codes[name], of_shipped[name]), name)


class Measured(PackageTest):
    def test_a_package_says_which_windows_its_figures_are_of_and_evaluation_uses_them(self):
        first, _ = trained_package()
        manifest, data = read_json(first, "manifest.json"), few_users()[:4]
        self.assertEqual(manifest["windowRules"], {"maxEvents": 100, "maxAgeDays": 90, "mask": "history"})
        self.assertEqual(self.figures(first, *data), {"part": "test", **manifest["metrics"]["test"]})
        with tempfile.TemporaryDirectory() as folder:
            short = Path(folder) / "short" / "1"
            done = run_here("make_package", *few_users(), "--set", "epochs=1", "--out", short,
                            "--max-age", "2.5", "--max-events", "9", "--mask", "window")
            self.assertEqual(done.returncode, 0, done.stderr)
            manifest = read_json(short, "manifest.json")
            self.assertEqual(manifest["windowRules"], {"maxEvents": 9, "maxAgeDays": 2.5, "mask": "window"})
            self.assertEqual(manifest["maxEvents"], 100)
            self.assertEqual(self.figures(short, *data), {"part": "test", **manifest["metrics"]["test"]})
            whole = self.figures(short, *data, "--max-age", "0", "--max-events", "100", "--mask", "history")
            self.assertLess(whole["users"], manifest["metrics"]["test"]["users"])  # more targets have been met before
            again = run_here("export", "--package", short, "--out", Path(folder) / "again" / "1")
            self.assertEqual(again.returncode, 0, again.stderr)
            copy = read_json(Path(folder) / "again" / "1", "manifest.json")
            self.assertEqual([copy[name] for name in ("windowRules", "segments")], [manifest[name] for name in ("windowRules", "segments")])

    def test_all_users_are_measured_at_one_moment(self):
        first, _ = trained_package()
        data = few_users()[:4]
        found = self.figures(first, *data, "--clock", "2026-11-07T07:15:45Z")
        self.assertEqual([*found], ["part", "hr@10", "ndcg@10", "users", "popularity"])
        self.assertEqual(found, self.figures(first, *data, "--clock", "2026-11-07T07:15:45Z", "--mask", "window"))
        refused = run_here("evaluate", "--package", first, *data, "--clock", "2026-11-07T07:15:45Z", "--mask", "history")
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn("--mask history cannot be given with --clock", refused.stderr)
        self.assertGreater(found["hr@10"], found["popularity"]["hr@10"])
        early = run_here("evaluate", "--package", first, *data, "--clock", "2020-01-01")
        self.assertEqual(early.returncode, 1)
        self.assertIn("no user has an event up to this moment", early.stderr)

    def figures(self, package, *arguments) -> dict:
        done = run_here("evaluate", "--package", package, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)


class Begun(PackageTest):
    def test_a_package_goes_on_with_more_users_and_items_in_the_same_space(self):
        first, _ = trained_package()
        with tempfile.TemporaryDirectory() as folder:
            second = Path(folder) / "few" / "2"
            done = run_here("make_package", *few_users("u0"), "--out", second, "--from", first, "--set", "learning_rate=0.001",
                            "--set", "replay=1")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(second)
            before, after = (read_json(package, "vocabulary.json") for package in (first, second))
            for name in ("items", "categories"):
                self.assertEqual(before[name], {word: after[name][word] for word in before[name]})
            self.assertGreater(len(after["items"]), len(before["items"]))
            (old, new) = (dict(load_model(package).named_parameters()) for package in (first, second))
            np.testing.assert_array_equal(new["facts.scale"], old["facts.scale"])
            factors, known = new["lasting.factors"].detach(), old["lasting.factors"].detach()
            np.testing.assert_array_equal(factors[:len(known)][known.any(1)], known[known.any(1)])
            self.assertTrue(factors[len(known):].any())
            manifest = read_json(second, "manifest.json")
            self.assertEqual(manifest["alignment"]["package"], "few/1")
            self.assertGreater(manifest["alignment"]["cosine"]["mean"], 0.8)
            self.assertGreater(manifest["metrics"]["test"]["ndcg@10"], manifest["metrics"]["untouched"]["ndcg@10"])
            self.assertIn("  few/1, untouched ", done.stdout)

    def test_a_version_that_is_trained_anew_lies_in_the_space_of_the_one_before(self):
        with tempfile.TemporaryDirectory() as folder:
            data, (first, second, third, other) = few_users("u0"), (Path(folder) / "few" / version for version in ("9", "10", "11", "12"))
            for out, more in ((first, ["--seed", "1"]), (second, ["--seed", "2"]), (third, ["--align-with", "none"])):
                done = run_here("make_package", *data, "--set", "epochs=2", "--out", out, *more)
                self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(second)
            alignment = read_json(second, "manifest.json")["alignment"]
            self.assertEqual(alignment["package"], "few/9")
            self.assertGreater(alignment["cosine"]["mean"], 0.6)
            categories = alignment["heads"][0]
            self.assertEqual((categories["question"], categories["measure"]), ("categories of the next 5", "AUC"))
            self.assertGreater(categories["kept"], categories["old"] - 0.05)
            self.assertNotIn("alignment", read_json(third, "manifest.json"))
            done = run_here("make_package", *data, "--set", "epochs=1", "--set", "dimension=32", "--out", other)
            self.assertIn("vectors are not aligned with those of", done.stderr)
            self.assertIn("it has dimension 16, this model 32", done.stderr)
            refused = run_here("make_package", *data, "--set", "dimension=32", "--align-with", first, "--out", Path(folder) / "x" / "1")
            self.assertEqual((refused.returncode, (Path(folder) / "x").exists()), (1, False))
            change_shape(other, {"layers": 9})
            done = run_here("make_package", *data, "--set", "epochs=1", "--out", Path(folder) / "few" / "13")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("vectors are not aligned with those of", done.stderr)
            self.assertIn("not of a network that this build trains", done.stderr)

    def test_layers_of_another_catalogue_are_where_a_package_begins(self):
        other, _ = trained_package()
        with tempfile.TemporaryDirectory() as folder:
            mine, still = (Path(folder) / name / "1" for name in ("mine", "still"))
            data = [*few_users("u01"), "--encoder-from", other]
            done = run_here("make_package", *data, "--out", still, "--set", "learning_rate=1e-30", "--set", "epochs=1")
            self.assertEqual(done.returncode, 0, done.stderr)
            before, begun = (dict(load_model(p).named_parameters()) for p in (other, still))
            layer, items = "towers.0.blocks.0.up.weight", "towers.0.item.weight"
            np.testing.assert_array_equal(begun[layer].detach(), before[layer].detach())
            self.assertFalse(np.array_equal(begun[items][:9].detach(), before[items][:9].detach()))
            refused = run_here("make_package", *data, "--out", mine, "--set", "dimension=32")
            self.assertEqual((refused.returncode, mine.exists()), (1, False))
            self.assertIn("of another shape; give the same dimension", refused.stderr)


class Content(PackageTest):
    def test_content_is_an_input_of_a_package_that_goes_on_only_with_content(self):
        with tempfile.TemporaryDirectory() as folder:
            data, items = few_users(), Path(folder) / "items.ndjson"
            self.assertEqual(run_here("content_items", *data[:2], "--dimension", "3", "--out", items).returncode, 0)
            first, second, bare = (Path(folder) / "few" / version for version in "123")
            done = run_here("make_package", *data, "--items", items, "--set", "epochs=2", "--out", first)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(first)
            manifest = read_json(first, "manifest.json")
            self.assertEqual(manifest["inputs"]["content"], {"dimension": 3})
            graph = onnx.load(str(first / "model.onnx")).graph
            self.assertEqual([i.name for i in graph.input],
                             ["items", "kinds", "categories", "gaps", "values", "attributes", "content", "time"])
            samples = read_json(first, "golden.json")["samples"]
            carried = {event["itemId"] for sample in samples for event in sample["events"] if "content" in event}
            self.assertTrue(any(item.startswith("nobody-has-this") for item in carried))

            done = run_here("make_package", *data, "--items", items, "--from", first, "--out", second)
            self.assertEqual((done.returncode, second.exists()), (1, False))
            self.assertRegex(done.stdout, r"0 of \d+ users have events after 2026-11-[\dT:.]+Z, the end of the log of [^\n]*few/1\n")
            self.assertRegex(done.stderr, r"^make_package: --from [^\n]*few/1: nothing of --data is new[^\n]*\(logEnd of its manifest\)")
            done = run_here("make_package", *data, "--items", items, "--from", first, "--out", second, "--set", "replay=1")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(second)
            measured = run_script("evaluate", "--package", first, *data[:4], "--items", items)
            figures = {name: json.loads(measured.stdout)[name] for name in ("hr@10", "ndcg@10", "users")}
            self.assertEqual(figures, manifest["metrics"]["test"])
            refused = run_here("make_package", *data, "--from", first, "--out", bare)
            self.assertEqual((refused.returncode, bare.exists()), (1, False))
            self.assertIn("takes content of 3 numbers, and --items has 0", refused.stderr)
            done = run_here("make_package", *data, "--set", "epochs=1", "--out", bare)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stderr, "vectors are not aligned with those of [^\n]*few/2, which [^\n]*take other content")

    def test_bad_content_ends_with_one_line_that_says_where(self):
        with tempfile.TemporaryDirectory() as folder:
            data, items, out = few_users(), Path(folder) / "items.ndjson", Path(folder) / "x" / "1"
            for line, words in (('{"content":[1]}', "line 2: field itemId"),
                                ('{"itemId":"i","content":[1]}', "line 2: field content has 1 numbers"),
                                ('{"itemId":"i","content":[1,null]}', "line 2: field content must be a list"),
                                ('{"itemId":"i","content":[1,1e999]}', "line 2: field content must be a finite")):
                items.write_text('{"itemId":"baby-001","content":[1,2]}\n' + line + "\n", "utf-8")
                done = run_here("make_package", *data, "--items", items, "--out", out)
                self.assertEqual((done.returncode, out.exists()), (1, False))
                self.assertIn(words, done.stderr)
            items.write_text('{"itemId":"baby-001"}\n', "utf-8")
            self.assertIn("no item has categories or content", run_here("make_package", *data, "--items", items, "--out", out).stderr)
            items.write_text('{"itemId":"baby-001","content":[1]}\n', "utf-8")
            starter = run_here("make_package", *data[:-1], "starter", "--items", items, "--out", out)
            self.assertIn("a starter takes no content", starter.stderr)

    def test_what_a_starter_does_not_read_or_cannot_be_is_refused(self):
        data = few_users()
        with tempfile.TemporaryDirectory() as folder:
            out = ["--out", Path(folder) / "any" / "1"]
            for config, setting, words in (
                    ("starter", "whole_log=0.5", "whole_log does nothing in a starter"), ("starter", "gaps=60", "gaps does nothing"),
                    ("starter", "inputs=kinds", "inputs does nothing"), ("starter", "towers=2", "towers does nothing"),
                    ("starter", "width=0", "width must be 1 or more"), ("starter", "lasting=0", "lasting, categories and width must"),
                    ("tiny", "categories=5", "categories does nothing in the model of one catalogue"),
                    ("tiny", "gaps=-5,10", "gaps must be 0 or more and ascending"), ("tiny", "gaps=a", "not values separated by commas")):
                done = run_here("make_package", *data[:-1], config, "--set", setting, *out)
                self.assertRegex(done.stderr, f"^make_package: [^\n]*{words}[^\n]*\n$")
            done = run_here("make_package", *data[:-1], "starter", "--align-with", folder, *out)
            self.assertRegex(done.stderr, "^make_package: --align-with is for the model of one catalogue[^\n]*\n$")


class Refused(unittest.TestCase):
    def test_bad_data_ends_with_one_line_that_says_where(self):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "events.ndjson"
            data.write_text('{"userId":"u","kind":"view","itemId":"i"}\n', "utf-8")
            done = run_script("make_package", "--data", f"events:{data}", "--config", "tiny", "--out", Path(folder) / "x" / "1")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stderr.startswith("make_package: "), done.stderr)
        self.assertIn(f"{data} line 1: field timestamp", done.stderr)

    def test_what_cannot_work_ends_with_one_line_before_anything_is_lost(self):
        with tempfile.TemporaryDirectory() as folder:
            data, kept = few_users(), Path(folder) / "models" / "1" / "model.onnx"
            kept.parent.mkdir(parents=True)
            kept.write_text("mine")
            short = Path(folder) / "short.txt"
            short.write_text("u a b c\nv a b c\n")
            new = Path(folder) / "new" / "1"
            for arguments, words in ((["--out", kept.parents[1]], "exists and is not a package"),
                                     (["--out", new, "--set", "heads=3"], "a multiple of heads"),
                                     (["--out", new, "--set", "inputs=item"], "inputs must be some of kinds,"),
                                     (["--out", new, "--set", "nothing=1"], "with NAME one of objective"),
                                     (["--out", new, "--set", "learning_rate=1e30"], "the loss is not a number in epoch 1"),
                                     (["--out", new, "--from", ROOT / "models/starter/3"], "a model for any catalogue"),
                                     (["--out", short / "1"], "cannot be made"),
                                     (["--out", new, "--data", f"sequences:{short}"], "at least 4 events")):
                done = run_here("make_package", *data, *arguments)
                self.assertEqual(done.returncode, 1, arguments)
                self.assertRegex(done.stderr, f"^make_package: [^\n]*{words}[^\n]*\n$")
            self.assertEqual(kept.read_text(), "mine")
            self.assertFalse(new.exists())


if __name__ == "__main__":
    unittest.main()
