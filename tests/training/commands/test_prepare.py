"""prepare: what it writes is what it read, or a part of it."""

import json
import unittest

from files import GOOD, Files
from profile_training.data.histories import read
from profile_training.data.source import Source
from runs import run_here, run_script


class Command(Files):
    def test_what_is_written_reads_as_the_same_histories_and_attributes(self):
        rows = [GOOD, {**GOOD, "timestamp": "2026-10-31T23:59:59.123456+02:00", "categories": ["漢", "x"], "value": 59.9},
                {**GOOD, "userId": "u0", "eventId": "é\u2028", "value": 10**12}, {**GOOD, "itemId": "i0"}]
        users = self.write("users.ndjson", '{"userId":"u1","attributes":{"age":30,"city":"Zürich \\ud800"}}\n')
        first = self.read(*rows, attributes=users)
        out, users_out = self.folder / "out.ndjson", self.folder / "users-out.ndjson"
        done = run_script("prepare", "--data", f"events:{self.folder / 'events.ndjson'}", "--attributes", users,
                          "--out", out, "--attributes-out", users_out)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout.splitlines()[-1]),
                         {**first.counts, "firstTime": "2026-10-31T21:59:59.123456Z", "lastTime": "2026-11-01T10:00:00Z",
                          "eventsWritten": first.counts["events"], "usersWritten": first.counts["users"]})
        self.assertEqual(out.read_text("utf-8").split("\n")[:2], [
            '{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2026-10-31T21:59:59.123456Z",'
            '"categories":["漢","x"],"value":59.9}',
            '{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2026-11-01T10:00:00Z"}'])
        again = read(Source("events", out, users_out))
        self.assertEqual(again, first)
        self.assertEqual(list(again.histories), list(first.histories))

    def test_times_are_those_of_what_is_written_and_none_of_sequences(self):
        rows = [{**GOOD, "timestamp": f"2026-11-0{day}T10:00:00Z"} for day in (1, 2, 3)]
        path = self.write("events.ndjson", "\n".join(map(json.dumps, rows)))
        for data, until, last in ((f"events:{path}", "2026-11-03", "2026-11-02T10:00:00Z"),
                                  (f"sequences:{self.write('lines.txt', 'u a b')}", "2100-01-01", None)):
            counts = json.loads(run_here("prepare", "--data", data, "--until", until).stdout.splitlines()[-1])
            self.assertEqual((counts.get("lastTime"), "firstTime" in counts, counts["usersWritten"]), (last, last is not None, 1))

    def test_a_part_for_trials_is_of_some_users_some_time_or_their_first_events(self):
        rows = [{**GOOD, "userId": f"u{n % 50}", "timestamp": f"2026-11-{1 + n // 50:02d}T10:00:00Z"} for n in range(1000)]
        path, out = self.write("events.ndjson", "\n".join(map(json.dumps, rows))), self.folder / "out.ndjson"

        def part(*arguments) -> dict:
            self.assertEqual(run_here("prepare", "--data", f"events:{path}", "--out", out, *arguments).returncode, 0)
            return {user: len(history) for user, history in read(Source("events", out)).histories.items()}
        some, rest = part("--users", "0-70"), part("--users", "70-100")
        self.assertEqual(sorted([*some, *rest]), sorted(f"u{n}" for n in range(50)))
        self.assertTrue(25 < len(some) < 45, len(some))
        self.assertEqual(set(part("--until", "2026-11-08T00:00:00Z").values()), {7})
        self.assertEqual(set(part("--first", "3-5").values()), {3, 4, 5})

    def test_items_have_the_newest_categories_and_prices_that_events_name(self):
        rows = [{**GOOD, "itemId": "b", "categories": ["old"], "value": 5},
                {**GOOD, "itemId": "b", "userId": "u2", "timestamp": "2026-11-03T10:00:00Z", "categories": ["new", "x"], "value": 7.5,
                 "kind": "purchase"},
                {**GOOD, "itemId": "b", "timestamp": "2026-11-04T10:00:00Z", "kind": "rating", "value": 1},
                {**GOOD, "itemId": "b", "timestamp": "2026-11-05T10:00:00Z", "kind": "view", "value": 0},
                {**GOOD, "itemId": "a", "userId": "u3"}]
        path, out = self.write("events.ndjson", "\n".join(map(json.dumps, rows))), self.folder / "items.ndjson"
        done = run_here("prepare", "--data", f"events:{path}", "--items-out", out)
        self.assertEqual(json.loads(done.stdout.splitlines()[-1])["itemsWritten"], 2)
        self.assertEqual(list(map(json.loads, out.read_text("utf-8").splitlines())),
                         [{"itemId": "a"}, {"itemId": "b", "categories": ["new", "x"], "price": 7.5}])

    def test_no_two_options_name_one_file_and_ranges_hold_somebody(self):
        path, out = self.write("events.ndjson", json.dumps(GOOD)), self.folder / "out.ndjson"
        for arguments, words in ((["--out", out, "--items-out", self.folder / "." / "out.ndjson"], "--items-out is the file of --out"),
                                 (["--out", path], "--out is the file of --data"),
                                 (["--out", self.folder], "cannot be written: name a file"),
                                 (["--out", self.folder / "none" / "x"], "cannot be written: name a file"),
                                 (["--users", "50-50"], "50-50 is not a range of percent"), (["--users", "0-101"], "at most 100"),
                                 (["--users", "x"], "is not a range"), (["--first", "0-0"], "ends above 0"),
                                 (["--until", "soon"], "'soon' is not a time such as 2026-11-01T10:00:00Z")):
            with self.subTest(words):
                done = run_here("prepare", "--data", f"events:{path}", *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(words, done.stderr)
        self.assertEqual((path.read_text(), out.exists()), (json.dumps(GOOD), False))
        self.assertEqual(run_here("prepare", "--data", f"events:{path}", "--out", "/dev/null", "--items-out", "/dev/null").returncode, 0)

    def test_nothing_is_written_into_a_folder_that_is_read(self):
        folder = self.folder / "ml"
        folder.mkdir()
        path = self.write("ml/u.data", "dear")
        for out in (path, folder / "new.ndjson"):
            done = run_here("prepare", "--data", f"movielens-100k:{folder}", "--out", out)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(f"--out {out} lies in the folder of --data, which is read: name a file outside of it", done.stderr)
        self.assertEqual([file.read_text() for file in folder.iterdir()], ["dear"])

    def test_a_user_of_the_attributes_has_an_id_that_events_can_have(self):
        path = self.write("events.ndjson", json.dumps(GOOD))
        for line, words in (('{"userId":"\\ud800","attributes":{}}', "broken Unicode"), ('{"userId":"","attributes":{}}', "non-empty")):
            users = self.write("users.ndjson", '{"userId":"u1","attributes":{}}\n' + line + "\n")
            done = run_here("prepare", "--data", f"events:{path}", "--attributes", users)
            self.assertRegex(done.stderr, f"^prepare: [^\n]*users.ndjson line 2: field userId [^\n]*{words}[^\n]*\n$")

    def test_an_error_is_one_message_and_writes_nothing(self):
        path, out = self.write("events.ndjson", json.dumps({**GOOD, "itemId": None})), self.folder / "out.ndjson"
        for data, words in ((f"events:{path}", "line 1: field itemId"), (f"events:{self.folder}/none", "No such file"),
                            ("x", "FORMAT:PATH")):
            done = run_here("prepare", "--data", data, "--out", out)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, f"^prepare: (.|\n)*{words}")
        self.assertFalse(out.exists())


if __name__ == "__main__":
    unittest.main()
