"""What commands refuse about packages: folders that are none, damaged ones, those of another kind, and users that were trained on."""

import io
import json
import shutil
import sys
import unittest
from pathlib import Path
from unittest import mock

import torch

from files import Files
from here import ROOT, TRAINING
from profile_training import launch
from profile_training.errors import DataError
from profile_training.loop.run_folder import CONTENT, STATE, RunFolder
from profile_training.package.reader import read_json
from runs import few_users, python, run_here, stop_after, trained_package

TINY, STARTER, SENTIMENT = ROOT / "tests/packages/tiny/1", ROOT / "models/starter/3", ROOT / "models/sentiment/5"


class Packages(Files):
    def refused(self, words: str, name: str, *arguments, status: int = 1) -> None:
        """The command ends with one line that says so."""
        done = run_here(name, *arguments)
        self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
        if status == 1:
            self.assertRegex(done.stderr, f"^{name}: [^\n]*{words}[^\n]*\n$")
        self.assertRegex(done.stderr, words)

    def copy(self, package: Path) -> Path:
        return Path(shutil.copytree(package, self.folder / "copy" / "1", dirs_exist_ok=True))


class Written(Packages):
    def test_no_command_writes_a_package_over_what_is_none(self):
        for name in ("mine", "one-served"):
            (self.folder / name).mkdir()
        mine, served, plain = (self.write(name, "dear") for name in ("mine/letter.txt", "one-served/letter.txt", "plain"))
        shutil.copytree(mine.parent, self.folder / "app")
        app = self.write("app/manifest.json", '{"name":"an app","icons":[]}')
        noted = Path(shutil.copy(mine, self.copy(TINY)))
        data = self.write("texts.csv", "label,text\n1,fine\n")
        for out in (mine.parent, plain, app.parent, noted.parent):
            self.refused("exists and is not a package", "export", "--package", TINY, "--out", out)
            self.refused("exists and is not a package", "make_package", *few_users(), "--out", out)
            self.refused("exists and is not a package", "make_sentiment", "--data", f"csv:{data}", "--out", out)
        self.refused("exists and is not a package", "reference_packages", "--out", self.folder, "--layers", "1", "--items", "50")
        for path in (mine, served, plain, app.with_name("letter.txt"), noted):
            self.assertEqual(path.read_text(), "dear")

    def test_a_package_takes_the_place_of_a_package(self):
        out = self.copy(TINY)
        self.assertEqual(run_here("export", "--package", TINY, "--out", out).returncode, 0)
        self.assertEqual(sorted(path.name for path in out.parent.iterdir()), ["1"])

    def test_the_package_before_stays_where_the_new_one_cannot_take_its_place(self):
        out, rename = self.copy(TINY), Path.rename
        before = (out / "manifest.json").read_bytes()

        def only_the_old(path, target):
            if path.name.endswith(".new"):
                raise OSError(5, "Input/output error")
            return rename(path, target)
        with mock.patch("pathlib.Path.rename", only_the_old):
            self.refused("cannot be written: Input/output error; name another folder by --out", "export", "--package", STARTER,
                         "--out", out)
        self.assertEqual(([path.name for path in out.parent.iterdir()], (out / "manifest.json").read_bytes()), (["1"], before))

    def test_a_package_before_that_cannot_be_removed_does_not_end_the_command(self):
        out, before = self.copy(TINY), (TINY / "manifest.json").read_bytes()

        def failing(path, ignore_errors=False):
            if not ignore_errors:
                raise OSError(13, "Permission denied")
        with mock.patch("shutil.rmtree", failing):
            self.assertEqual(run_here("export", "--package", STARTER, "--out", out).returncode, 0)
        self.assertNotEqual((out / "manifest.json").read_bytes(), before)

    def test_ctrl_c_leaves_no_half_of_a_package(self):
        out = self.folder / "x" / "1"
        with mock.patch("pathlib.Path.write_bytes", side_effect=KeyboardInterrupt):
            self.assertRaises(KeyboardInterrupt, run_here, "export", "--package", TINY, "--out", out)
        self.assertEqual(list(out.parent.iterdir()), [])

    def test_a_full_disk_is_told_by_the_name_of_the_folder_and_leaves_nothing(self):
        out = self.folder / "shop" / "1"
        with mock.patch("pathlib.Path.write_bytes", side_effect=OSError(28, "No space left on device")):
            self.refused(f"{out}: the package cannot be written: No space left on device; make room", "export", "--package", TINY,
                         "--out", out)
            done = run_here("make_package", *few_users(), "--set", "epochs=1", "--out", out)
        self.assertRegex(done.stderr, f"^make_package: {out}.run: checkpoint and curve cannot be written: No space [^\n]*\n$")
        self.assertEqual(list(out.parent.glob(".*")), [])

    def test_a_full_disk_is_told_by_the_name_of_the_file(self):
        self.refused("/dev/full cannot be written: No space left on device; make room there, or name another file", "prepare",
                     *few_users()[:2], "--out", "/dev/full")

    def test_to_make_room_is_no_advice_for_another_fault(self):
        with mock.patch("profile_training.data.files.json_line", side_effect=OSError(5, "Input/output error")):
            self.refused("x cannot be written: Input/output error; name another file", "prepare", *few_users()[:2],
                         "--out", self.folder / "x")

    def test_nothing_but_python_writes_the_files_of_a_package(self):
        """PyTorch's own writer ends the process on a full disk."""
        with (mock.patch("torch.onnx.export", autospec=True, side_effect=torch.onnx.export) as exported,
              mock.patch("torch.save", autospec=True, side_effect=torch.save) as saved,
              mock.patch("onnx.save") as graph, mock.patch("onnx.save_model") as model):
            done = run_here("make_package", *few_users(), "--set", "epochs=1", "--out", self.folder / "x" / "1")
        self.assertEqual((done.returncode, graph.called, model.called), (0, False, False), done.stderr)
        self.assertEqual([type(call.args[place]) for called, place in ((exported, 2), (saved, 1)) for call in called.call_args_list],
                         [io.BytesIO, io.BytesIO])

    def test_a_damaged_checkpoint_is_named(self):
        run = self.folder / "shop" / "1.run"
        run.mkdir(parents=True)
        for content in (b"", b"PK\x03\x04 cut", b"\x80\x04N."):
            (run / "checkpoint.pt").write_bytes(content)
            done = run_here("make_package", *few_users(), "--out", self.folder / "shop" / "1")
            self.assertRegex(done.stderr, "^make_package: [^\n]*1.run/checkpoint.pt is damaged[^\n]*: delete it[^\n]*\n$")

    def test_a_checkpoint_of_another_build_is_called_so(self):
        run = RunFolder(self.folder / "1.run", {"seed": "1"})
        run.save([], **{name: [] for name in STATE - {"settings"}})
        self.assertEqual(run.load()["settings"], {"seed": "1"})
        with self.assertRaisesRegex(DataError, "1.run/checkpoint.pt is the checkpoint of another build: delete it"):
            RunFolder(run.folder, {"seed": "1", CONTENT: "x"}).load()

    def test_the_folder_of_a_run_is_checked_before_the_work(self):
        file = self.write("file", "mine")
        for run in (file, file / "run"):
            self.refused(f"--run {run} cannot be written: {file} is no folder", "make_package", *few_users(), "--run", run,
                         "--out", self.folder / "x" / "1")


class Read(Packages):
    def test_a_missing_or_damaged_file_is_named(self):
        data = few_users()[:2]
        for name in ("model.onnx", "vocabulary.json", "neighbours.bin", "items.f32"):
            package = self.copy(ROOT / "models/demo/3")
            whole = (package / name).read_bytes()
            for cut, words in ((whole[:len(whole) // 2], f"{name} is damaged or altered"), (None, f"lacks {name}")):
                (package / name).write_bytes(cut) if cut else (package / name).unlink()
                for command, more in (("evaluate", data), ("tasks", data), ("export", ["--out", self.folder / "out"])):
                    self.refused(words, command, "--package", package, *more)

    def test_a_manifest_that_is_none_is_named(self):
        data, whole = few_users()[:2], (TINY / "manifest.json").read_text("utf-8")
        no_items, number = (json.loads(whole) | {"inputs": {**json.loads(whole)["inputs"], "items": items}} for items in ({}, 5))
        for text, words in ((whole[:200], "manifest.json is damaged: not JSON"), ("[]", "manifest.json is damaged: not a JSON object"),
                            ("{}", "manifest.json lacks name, version, inputs, maxEvents, dimension, files"),
                            (json.dumps(no_items), "lacks inputs.items"), (json.dumps(number), "lacks inputs.items"),
                            (json.dumps(json.loads(whole) | {"training": ["x"]}), "manifest.json lacks training, or has something else"),
                            (json.dumps(json.loads(whole) | {"files": {}}), "manifest.json lacks files.model.onnx")):
            package = self.copy(TINY)
            (package / "manifest.json").write_text(text, "utf-8")
            for command, more in (("evaluate", data), ("tasks", data), ("export", ["--out", self.folder / "out"]), ("neighbours", data)):
                self.refused(words, command, "--package", package, *more)
            self.refused(words, "make_package", *few_users(), "--from", package, "--out", self.folder / "x" / "1")
        self.refused("is not the folder of a package: it has no manifest.json", "tasks", "--package", self.folder, *data)

    def test_a_package_of_another_kind_is_refused(self):
        texts = self.write("texts.tsv", "label\ttext\n1\tfine\n")
        events = self.write("events.ndjson", "\n".join(
            json.dumps({"userId": "u", "itemId": f"i{n}", "kind": kind, "timestamp": f"2026-11-01T10:0{n}", **more})
            for n in (1, 5) for kind, more in (("rating", {"value": n}), ("review", {"text": "fine"}))))
        for command, more in (("evaluate", few_users()[:2]), ("tasks", few_users()[:2]), ("neighbours", few_users()[:2]),
                              ("export", ["--out", self.folder / "out"])):
            self.refused("is a sentiment package; name a profiles package", command, "--package", SENTIMENT, *more)
        self.refused("is a sentiment package", "make_package", *few_users(), "--from", SENTIMENT, "--out", self.folder / "x" / "1")
        for command, more in (("sentiment_of_texts", ["--data", texts]), ("sentiment_of_events", ["--events", events])):
            self.refused("is a profiles package; name a sentiment package", command, "--package", STARTER, *more)
        self.refused("one score: give texts", "sentiment_of_events", "--package", SENTIMENT, "--events", events)

    def test_a_damaged_version_beside_the_new_one_is_told_and_not_aligned_with(self):
        damaged = self.copy(trained_package()[0])
        for name, text, words in (("manifest.json", "{}", "lacks name"), ("manifest.json", "{", "not JSON"),
                                  ("vocabulary.json", "{}", "vocabulary.json is damaged")):
            shutil.copytree(trained_package()[0], damaged, dirs_exist_ok=True)
            (damaged / name).write_text(text, "utf-8")
            done = run_here("make_package", *few_users(), "--set", "epochs=1", "--out", damaged.with_name("2"))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stderr, f"vectors are not aligned with those of {damaged}: [^\n]*{words}")
            self.refused(f"--align-with {damaged}: [^\n]*{words}", "make_package", *few_users(), "--align-with", damaged,
                         "--out", self.folder / "x" / "1")

    def test_reviews_of_no_use_are_told(self):
        rows = [{"userId": "u", "itemId": "i", "kind": "rating", "timestamp": "2026-11-01", "value": 5}]
        events = self.write("events.ndjson", "\n".join(map(json.dumps, rows)))
        self.refused("0 reviews with a text follow a rating", "sentiment_of_events", "--package", SENTIMENT, "--events", events)


class Users(Packages):
    def test_users_whom_the_package_was_trained_on_are_not_held_out_when_it_is_gone_on_with(self):
        first, out = trained_package()[0], self.folder / "few" / "2"
        self.refused("--hold-out 1/3: [^\n]* held out nobody: leave out --hold-out, or leave out --from", "make_package", *few_users(),
                     "--from", first, "--hold-out", "1/3", "--out", out)
        part = self.copy(first)
        manifest = read_json(part, "manifest.json")
        manifest["training"]["heldOutUsers"] = "0/3"
        del manifest["training"]["logEnd"]  # so that all events are new
        (part / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        forget = self.write("ids.txt", "u001\n")
        for more, end in (([], ", or leave out --from to train anew"), (["--forget", forget], "")):
            self.refused(f"was trained on users of that part, for it held out 0/3: give --hold-out 0/3{end}(?!,)", "make_package",
                         *few_users(), "--from", part, "--hold-out", "1/3", "--out", out, *more)
        for same_or_within in ("00/3", "3/6"):
            done = run_here("make_package", *few_users(), "--from", part, "--hold-out", same_or_within, "--set", "epochs=1", "--out", out)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_layers_of_another_package_may_know_the_users_and_that_is_said(self):
        first = trained_package()[0]
        for option, value, words in (("--encoder-from", first, "the layers of [^\n]* know the users of --hold-out 0/3 if its log had them"),
                                     ("--align-with", first, "scales of facts of [^\n]* know the users [^\n]*: give --align-with none"),
                                     ("--align-with", "none", "^$")):
            done = run_here("make_package", *few_users(), option, value, "--hold-out", "0/3", "--set", "epochs=1",
                            "--out", self.folder / "few" / "1")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stderr, words)

    def test_nobody_to_measure_is_told(self):
        log = self.write("short.ndjson", "\n".join(few_lines()[:2]))
        self.refused("nobody can be measured", "evaluate", "--package", TINY, "--data", f"events:{log}")

    def test_labels_are_numbers_that_the_service_reads(self):
        for line, words in (('{"userId":"u001","x":NaN}', "field x must be a finite number, not nan"),
                            (f'{{"userId":"u001","x":{"9" * 400}}}', "field x must be a finite number"),
                            ('{"userId":"u001","x":[1e999]}', "field x must be a finite number"),
                            ('{"userId":"\\ud800","x":1}', "field userId contains"), ('{"x":1}', "field userId must be")):
            labels = self.write("labels.ndjson", line)
            self.refused(f"labels.ndjson line 1: {words}", "tasks", "--package", TINY, *few_users()[:2], "--labels", labels)


def few_lines() -> list:
    return Path(few_users()[1].removeprefix("events:")).read_text("utf-8").splitlines()


class Arguments(Packages):
    def test_the_table_is_written_over_nothing_that_is_read(self):
        for option, text in (("--labels", '{"userId":"u001","x":1}\n'), ("--forgotten", "u001\n")):
            path = self.write("ids", text)
            self.refused(f"--json is the file of {option}", "tasks", "--package", TINY, *few_users()[:2], option, path, "--json", path,
                         status=2)
            self.assertEqual(path.read_text(), text)

    def test_a_value_that_cannot_be_is_refused_with_what_can(self):
        data = few_users()[:2]
        for name, arguments, words in (
                ("evaluate", ["--package", TINY, *data, "--threads", "0"], "0 is not a whole number above 0"),
                ("evaluate", ["--package", TINY, *data, "--clock", "soon"], "'soon' is not a time such as 2026-11-01T10:00:00Z"),
                ("evaluate", ["--package", TINY, *data, "--clock", "20261101"], "or Unix time of the years 1990 to 2099"),
                ("evaluate", ["--package", TINY, *data, "--max-age", "old"], "old is not a number of days"),
                ("tasks", ["--package", TINY, *data, "--until", "x"], "'x' is not a time such as"),
                ("tasks", ["--package", TINY, *data, "--json", self.folder / "none" / "x"], "cannot be written: name a file"),
                ("make_package", [*data, "--out", self.folder / "x", "--minutes", "x"], "x is not a number above 0"),
                ("make_package", [*data, "--out", self.folder / "x", "--run", self.folder / "x" / "run"], "--run must be outside of --out"),
                ("content_items", [*data, "--out", self.folder / "x", "--dimension", "0"], "0 is not a whole number above 0"),
                ("content_items", [*data, "--out", self.folder / "x", "--dimension", "-3"], "-3 is not a whole number above 0"),
                ("content_items", [*data, "--out", data[1].removeprefix("events:")], "--out is the file of --data"),
                ("reference_packages", ["--out", self.folder, "--items", "0"], "0 is not a whole number above 0"),
                ("tasks", ["--package", TINY, *data, "--json", self.write("file", "") / "x"], "cannot be written: name a file"),
                ("content_items", [*data, "--out", self.folder / "x", "--dimension", "10000000000"],
                 "10000000000 has more than 9 digits: give a whole number above 0, of at most 9"),
                ("demo_events", ["--out", self.folder / "x", "--attributes", self.folder / "x"], "--attributes is the file of --out"),
                ("demo_events", ["--out", self.folder / "x", "--attributes", self.folder / "y", "--users", "0"], "not a whole number")):
            with self.subTest(name, words=words):
                self.refused(words, name, *arguments, status=2)


class Stopped(unittest.TestCase):
    def test_ctrl_c_ends_every_command_with_one_line(self):
        names = {name for name, value in vars(launch).items() if getattr(value, "func", None) is launch.launch}
        self.assertEqual(names, {path.stem for path in TRAINING.glob("*.py")})
        for name in names:
            with mock.patch.object(launch, "start", side_effect=KeyboardInterrupt), mock.patch.object(sys, "stderr") as said:
                with self.assertRaises(SystemExit) as end:
                    getattr(launch, name)()
            self.assertEqual(end.exception.code, 130)
            self.assertEqual("".join(call.args[0] for call in said.write.call_args_list), f"\n{name}: stopped\n")

    def test_ctrl_c_while_a_command_works_or_is_loaded(self):
        done = stop_after("demo ", "demo_events", "--out", "/dev/null", "--attributes", "/dev/null")
        self.assertEqual((done.returncode, done.stderr), (130, "\ndemo_events: stopped\n"))
        code = ("import os, signal, sys; sys.path.insert(0, sys.argv[1])\nfrom profile_training import launch\n"
                "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
                "def loaded(name):\n    try: os.kill(os.getpid(), signal.SIGINT)\n"
                "    except KeyboardInterrupt: raise RuntimeError('as PyTorch does') from None\n"
                "launch.import_module = loaded\nlaunch.prepare()")
        done = python("-c", code, ROOT / "src/training")
        self.assertEqual((done.returncode, done.stderr), (130, "\nprepare: stopped\n"))
        code = ("import sys; sys.path.insert(0, sys.argv[1])\nfrom profile_training import launch\n"
                "def stop(name): raise KeyboardInterrupt\nlaunch.import_module = stop\nlaunch.prepare()")
        done = python("-c", code, ROOT / "src/training")
        self.assertEqual((done.returncode, done.stderr), (130, "\nprepare: stopped\n"))


if __name__ == "__main__":
    unittest.main()
