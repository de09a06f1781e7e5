"""Reading: the order of a history and its duplicates are the service's, and few bad rows cost nobody the rest."""

import contextlib
import gc
import gzip
import io
import json
import subprocess
import sys
import tempfile
import unittest
from argparse import ArgumentParser
from pathlib import Path

from here import TRAINING
from events import DataError, Event
from prepare import Prepared, Source, add_arguments, read

GOOD = {"userId": "u1", "kind": "view", "itemId": "i1", "timestamp": "2026-11-01T10:00:00Z"}


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8", errors="surrogateescape", newline="")
        return path

    def read(self, *rows, **more) -> Prepared:
        """What the rows, objects or lines, are read as."""
        path = self.write("events.ndjson", "\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows))
        return read(Source.of(f"events:{path}", **more))

    def prepare(self, *arguments) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, TRAINING / "prepare.py", *map(str, arguments)],
                              capture_output=True, text=True)


class Histories(Files):
    def test_a_history_is_ordered_by_time_then_event_id_then_file_order(self):
        rows = [{**GOOD, "itemId": item, "timestamp": f"2026-11-01T{time}", "eventId": event_id} for item, event_id, time in
                [("late", "a", "12:00:00Z"), ("b", "2", "11:00:00Z"), ("a", "1", "12:00:00+01:00"),
                 ("y", None, "10:59:59.5Z"), ("x", None, "10:59:59.5")]]
        self.assertEqual([e.item for e in self.read(*rows).histories["u1"]], ["y", "x", "a", "b", "late"])

    def test_users_come_in_the_order_of_their_first_events(self):
        prepared = self.read({**GOOD, "userId": "z"}, GOOD, {**GOOD, "userId": "z", "itemId": "i2"})
        self.assertEqual(list(prepared.histories), ["z", "u1"])
        self.assertEqual(list(prepared.histories["z"]), [Event("z", "view", "i1", 1793527200000000),
                                                         Event("z", "view", "i2", 1793527200000000)])

    def test_of_events_with_one_id_the_first_stays_and_ids_are_per_user(self):
        rows = [{**GOOD, "eventId": "e", "itemId": "first"}, {**GOOD, "eventId": "e", "itemId": "second"},
                {**GOOD, "eventId": "e", "userId": "u2"}]
        prepared = self.read(*rows)
        self.assertEqual([[e.item for e in history] for history in prepared.histories.values()], [["first"], ["i1"]])
        self.assertEqual(prepared.counts["duplicates"], 1)

    def test_without_an_id_kind_item_and_time_make_the_event(self):
        again = {**GOOD, "timestamp": "2026-11-01T11:00:00+01:00", "value": 3}
        others = [{**GOOD, "kind": "cart"}, {**GOOD, "itemId": "i2"}, {**GOOD, "timestamp": "2026-11-01T10:00:00.000001Z"},
                  {**GOOD, "eventId": "e"}]
        prepared = self.read(GOOD, again, *others, GOOD)
        self.assertEqual((len(prepared.histories["u1"]), prepared.counts["duplicates"]), (5, 2))
        self.assertIsNone(prepared.histories["u1"][0].value)

    def test_counts_say_what_was_read(self):
        rows = [GOOD, GOOD, {**GOOD, "itemId": "i2", "page": 3}, {**GOOD, "userId": "u2", "text": "fits", "colour": "red"}]
        self.assertEqual(self.read(*rows).counts, {
            "events": 3, "users": 2, "items": 2, "duplicates": 1, "unreadable": 0, "usersWithOneEvent": 1,
            "fieldsLeftOut": {}, "ignoredColumns": ["colour", "page", "text"]})


class BadRows(Files):
    def test_one_in_a_hundred_may_be_bad_and_the_first_five_are_named(self):
        rows = [{**GOOD, "itemId": f"i{n}"} for n in range(594)] + [{**GOOD, "kind": f"odd{n}"} for n in range(6)]
        with contextlib.redirect_stderr(io.StringIO()) as said:
            prepared = self.read(*rows)
        self.assertEqual((prepared.counts["events"], prepared.counts["unreadable"]), (594, 6))
        told = said.getvalue().splitlines()
        self.assertEqual(len(told), 6)
        self.assertRegex(told[0], "events.ndjson line 595: field kind must be one of view, .*, not 'odd0'")
        self.assertRegex(told[4], "line 599: field kind")
        self.assertRegex(told[5], "6 of 600 rows cannot be read and are left out")

    def test_more_are_too_many_and_the_error_names_the_first_and_says_what_to_do(self):
        for good, bad in ((594, 7), (98, 1), (0, 1)):
            with self.subTest(good=good), self.assertRaises(DataError) as caught:
                self.read(*[{**GOOD, "itemId": f"i{n}"} for n in range(good)], *["{oops"] * bad)
            self.assertRegex(str(caught.exception), rf"{bad} of {good + bad} rows cannot be read")
            self.assertRegex(str(caught.exception), rf"line {good + 1}: no JSON")
            self.assertEqual(str(caught.exception).count("no JSON"), min(bad, 5))
            self.assertIn("Correct or remove", str(caught.exception))

    def test_nothing_to_read_is_an_error(self):
        for text in ("", "\n\n"):
            with self.subTest(text), self.assertRaisesRegex(DataError, "no events"):
                self.read(text)

    def test_a_packed_file_that_is_cut_off_is_an_error(self):
        path = self.folder / "events.gz"
        path.write_bytes(gzip.compress(json.dumps(GOOD).encode() * 99)[:-20])
        columns = {"userId": "u", "itemId": "i", "timestamp": "t"}
        for source in (Source("events", path), Source("csv", path, columns=columns)):
            with self.assertRaisesRegex(DataError, "events.gz: the packed file is damaged"):
                read(source)

    def test_reading_leaves_the_search_for_cycles_as_it_was(self):
        for switch, expected in ((gc.disable, False), (gc.enable, True)):
            switch()
            self.read(GOOD)
            self.assertEqual(gc.isenabled(), expected)


class Attributes(Files):
    def test_a_file_of_attributes_stands_instead_of_the_formats_own(self):
        people = self.write("users.ndjson", '{"userId":"u1","attributes":{"age":30},"interests":["x"]}\n')
        self.assertEqual(self.read(GOOD, attributes=people).people, {"u1": {"age": 30}})
        self.assertEqual(self.read(GOOD).people, {})

    def test_a_bad_one_is_named(self):
        for line, words in [('{"userId":"u2","attributes":{"age":[30]}}', "line 2: field attributes.age"),
                            ('{"userId":"u2"}', "line 2: fields userId"), ("[]", "line 2: not a JSON object")]:
            people = self.write("users.ndjson", f'{{"userId":"u1","attributes":{{"age":30}}}}\n{line}\n')
            with self.subTest(line), self.assertRaisesRegex(DataError, words):
                self.read(GOOD, attributes=people)


class Arguments(unittest.TestCase):
    def source(self, *arguments) -> Source:
        parser = ArgumentParser()
        add_arguments(parser)
        return Source.parse(parser.parse_args(arguments))

    def test_they_make_a_source(self):
        self.assertEqual(self.source("--data", "events:a:b", "--attributes", "c"), Source("events", Path("a:b"), Path("c")))
        source = self.source("--data", "csv:x", "--kinds", "1=view,2=cart",
                             "--columns", "userId=u,itemId=i,timestamp=t,kind=a=b")
        self.assertEqual(source.columns, {"userId": "u", "itemId": "i", "timestamp": "t", "kind": "a=b"})
        self.assertEqual(source.kinds, {"1": "view", "2": "cart"})
        self.assertEqual(self.source("--data", "sequences:x", "--kind", "purchase").kind, "purchase")

    def test_a_wrong_one_is_named_before_any_file_is_read(self):
        columns = ("--columns", "userId=u,itemId=i,timestamp=t")
        for arguments, words in [
                (["parquet:x"], "FORMAT one of events, csv, sequences, movielens-100k, otto"), (["events:"], "FORMAT:PATH"),
                (["csv:x"], "--columns is needed"), (["csv:x", "--columns", "userId=u,itemId=i"], "must name .* timestamp"),
                (["csv:x", *columns[:1], columns[1] + ",colour=c"], "colour is none of eventId, userId"),
                (["csv:x", "--columns", "userId"], "NAME=VALUE"), (["csv:x", "--columns", "userId=a,userId=b"], "once"),
                (["csv:x", *columns, "--kinds", "1=view"], "--kinds is for csv with a kind"),
                (["csv:x", "--columns", columns[1] + ",kind=k", "--kinds", "1=buy"], "--kinds: buy is none of view"),
                (["csv:x", "--columns", columns[1] + ",kind=k", "--kind", "cart"], "--kind is for"),
                (["csv:x", *columns, "--kind", "buy"], "--kind: buy is none of view"),
                (["events:x", "--kind", "cart"], "--kind is for"), (["events:x", *columns], "--columns is for csv")]:
            with self.subTest(arguments), self.assertRaisesRegex(DataError, words):
                self.source("--data", *arguments)


class Command(Files):
    def test_what_is_written_reads_as_the_same_histories_and_attributes(self):
        rows = [GOOD, {**GOOD, "timestamp": "2026-10-31T23:59:59.123456+02:00", "categories": ["漢", "x"], "value": 59.9},
                {**GOOD, "userId": "u0", "eventId": "é\u2028", "value": 10**12}, {**GOOD, "itemId": "i0"}]
        people = self.write("users.ndjson", '{"userId":"u1","attributes":{"age":30,"city":"Zürich \\ud800"}}\n')
        first = self.read(*rows, attributes=people)
        out, people_out = self.folder / "out.ndjson", self.folder / "people.ndjson"
        done = self.prepare("--data", f"events:{self.folder / 'events.ndjson'}", "--attributes", people,
                            "--out", out, "--attributes-out", people_out)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout.splitlines()[-1]),
                         {**first.counts, "eventsWritten": first.counts["events"], "usersWritten": first.counts["users"]})
        self.assertEqual(out.read_text("utf-8").split("\n")[:2], [
            '{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2026-10-31T21:59:59.123456Z",'
            '"categories":["漢","x"],"value":59.9}',
            '{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2026-11-01T10:00:00Z"}'])
        again = read(Source("events", out, people_out))
        self.assertEqual(again, first)
        self.assertEqual(list(again.histories), list(first.histories))

    def test_a_part_for_trials_is_of_some_users_some_time_or_their_first_events(self):
        rows = [{**GOOD, "userId": f"u{n % 50}", "timestamp": f"2026-11-{1 + n // 50:02d}T10:00:00Z"} for n in range(1000)]
        path, out = self.write("events.ndjson", "\n".join(map(json.dumps, rows))), self.folder / "out.ndjson"

        def part(*arguments) -> dict:
            self.assertEqual(self.prepare("--data", f"events:{path}", "--out", out, *arguments).returncode, 0)
            return {user: len(history) for user, history in read(Source("events", out)).histories.items()}
        some, rest = part("--users", "0-70"), part("--users", "70-100")
        self.assertEqual(sorted([*some, *rest]), sorted(f"u{n}" for n in range(50)))
        self.assertTrue(25 < len(some) < 45, len(some))
        self.assertEqual(set(part("--until", "2026-11-08T00:00:00Z").values()), {7})
        self.assertEqual(set(part("--first", "3-5").values()), {3, 4, 5})

    def test_an_error_is_one_message_and_writes_nothing(self):
        path, out = self.write("events.ndjson", json.dumps({**GOOD, "itemId": None})), self.folder / "out.ndjson"
        for data, words in ((f"events:{path}", "line 1: field itemId"), (f"events:{self.folder}/none", "No such file"),
                            ("x", "FORMAT:PATH")):
            done = self.prepare("--data", data, "--out", out)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, f"^prepare: (.|\n)*{words}")
        self.assertFalse(out.exists())


if __name__ == "__main__":
    unittest.main()
