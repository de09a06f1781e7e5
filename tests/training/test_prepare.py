"""Reading: bad lines are named, and the order of a history is that of the service."""

import json
import tempfile
import unittest
from pathlib import Path

import here  # noqa: F401
from prepare import DataError, read

GOOD = {"userId": "u1", "kind": "view", "itemId": "i1", "timestamp": "2026-11-01T10:00:00Z"}


class Reading(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def events(self, *rows) -> str:
        path = self.folder / "events.ndjson"
        path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
        return f"events:{path}"

    def test_a_bad_line_is_named_with_its_field(self):
        for bad, words in [({"kind": None}, "field kind"), ({"userId": ""}, "field userId"), ({"itemId": 7}, "field itemId"),
                           ({"timestamp": "yesterday"}, "field timestamp"),
                           ({"timestamp": "2026-11-01T10:00:00"}, "no time zone"),
                           ({"value": "much"}, "field value"), ({"value": float("nan")}, "field value"),
                           ({"categories": "shoes"}, "field categories")]:
            with self.subTest(bad), self.assertRaises(DataError) as caught:
                read(self.events(GOOD, {**GOOD, **bad}))
            self.assertIn("line 2", str(caught.exception))
            self.assertIn(words, str(caught.exception))

    def test_a_line_that_is_no_json_and_an_unknown_format_are_named(self):
        with self.assertRaisesRegex(DataError, "line 3: no JSON"):
            read(self.events(GOOD, "", "{oops"))
        with self.assertRaisesRegex(DataError, "one of events, movielens-100k"):
            read("parquet:x")

    def test_a_bad_attribute_is_named(self):
        people = self.folder / "users.ndjson"
        people.write_text('{"userId":"u1","attributes":{"age":30}}\n{"userId":"u2","attributes":{"age":[30]}}\n', "utf-8")
        with self.assertRaisesRegex(DataError, "line 2: field attributes.age"):
            read(self.events(GOOD), people)

    def test_history_is_ordered_by_time_then_event_id_then_file_order(self):
        rows = [{**GOOD, "itemId": item, "eventId": event_id, "timestamp": f"2026-11-01T{time}"} for item, event_id, time in
                [("late", "a", "12:00:00Z"), ("b", "2", "11:00:00Z"), ("a", "1", "12:00:00+01:00"),
                 ("early", "", "10:59:59.5Z")]]
        histories, _ = read(self.events(*rows))
        self.assertEqual([e.item for e in histories["u1"]], ["early", "a", "b", "late"])

    def test_movielens_is_read_with_genres_attributes_and_ties_in_file_order(self):
        (self.folder / "u.genre").write_text("unknown|0\nAction|1\nComedy|2\n")
        (self.folder / "u.item").write_text("5|Film é|01-Jan-1995||url|0|1|1\n6|Other|||url|0|0|1\n", "latin-1")
        (self.folder / "u.user").write_text("1|24|M|technician|85711\n")
        (self.folder / "u.data").write_text("1\t6\t3\t100\n1\t5\t4\t100\n1\t5\t1\t99\n")
        histories, people = read(f"movielens-100k:{self.folder}")
        self.assertEqual([(e.item, e.value, e.categories) for e in histories["1"]],
                         [("5", 1.0, ("Action", "Comedy")), ("6", 3.0, ("Comedy",)), ("5", 4.0, ("Action", "Comedy"))])
        self.assertEqual(people, {"1": {"age": 24, "gender": "M", "occupation": "technician"}})
        for line, words in [("1\t7\t3\t100", "line 1: field item '7'"), ("1\t5\tgood\t100", "line 1: field rating"),
                            ("1\t5\t3", "line 1: 3 fields, 4 expected")]:
            (self.folder / "u.data").write_text(line + "\n")
            with self.assertRaisesRegex(DataError, words):
                read(f"movielens-100k:{self.folder}")


if __name__ == "__main__":
    unittest.main()
