"""Events as the service takes them: which rows are refused, and the field that is named."""

import gzip
import json
import unittest
from unittest.mock import patch

from files import GOOD, LONG, FormatTest
from profile_training.data.event import Event, event_of
from profile_training.data.files import json_rows
from profile_training.data.histories import read
from profile_training.data.report import Report, parsed
from profile_training.data.source import Source
from profile_training.data.times import parse_time
from profile_training.errors import DataError


class Events(FormatTest):
    def test_bad_rows_are_the_services(self):
        for bad, words in [
                ({"kind": None}, "field kind must be a non-empty"), ({"kind": ["view"]}, "field kind must be a non-empty"),
                ({"kind": "buy"}, "field kind must be one of view, .*, not 'buy'"),
                ({"userId": ""}, "field userId"), ({"itemId": 7}, "field itemId"),
                ({"userId": LONG + "x"}, "field userId is longer than 128"),
                ({"itemId": "😀" * 65}, "field itemId is longer than 128"),
                ({"itemId": "a\tb"}, "field itemId contains a control"), ({"userId": "a\x85"}, "field userId contains a control"),
                ({"userId": "\ud800"}, "field userId contains .* broken Unicode"), ({"eventId": ""}, "field eventId"),
                ({"timestamp": "yesterday"}, "field timestamp .*'yesterday'"), ({"timestamp": 1793527200}, "field timestamp"),
                ({"timestamp": "1969-12-31T23:59:59Z"}, "field timestamp"), ({"timestamp": "1793527200"}, "field timestamp"),
                ({"timestamp": "9999-12-31T23:59:59-01:00"}, "field timestamp"),
                ({"userId": "."}, "field userId must not be ."), ({"itemId": ".."}, "field itemId"), ({"eventId": "."}, "field eventId"),
                ({"value": "much"}, "field value"), ({"value": float("nan")}, "field value"), ({"value": True}, "field value"),
                ({"value": 10**400}, "field value must be a finite number, not 1000.*\\.\\.\\."),
                ({"categories": "shoes"}, "field categories"), ({"categories": {}}, "field categories"),
                ({"categories": [["shoes"]]}, "field categories"), ({"categories": ["a", ""]}, "field categories"),
                ({"categories": list("abcdefghi")}, "field categories must not have more than 8")]:
            with self.subTest(bad), self.assertRaisesRegex(DataError, f"events.ndjson line 2: {words}"):
                self.read(GOOD, {**GOOD, **bad})
        for line in ("{oops", "[]", "[" * 100_000, b'{"userId":"\xff"}'.decode("utf-8", "surrogateescape")):
            with self.subTest(line[:20]), self.assertRaisesRegex(DataError, "line 3: "):
                self.read(GOOD, "", line)

    def test_what_the_service_takes_is_no_bad_row(self):
        edge = {"userId": LONG, "itemId": "😀" * 64, "eventId": LONG, "kind": "search", "value": -1e308,
                "timestamp": "1970-01-01T00:00:00Z", "categories": [*"abcdefg", "."], "text": None}
        event, = self.read(edge).histories[LONG]
        self.assertEqual(event, Event(LONG, "search", "😀" * 64, 0, (*"abcdefg", "."), -1e308, LONG))
        nothing = {"eventId": None, "categories": None, "value": None}
        self.assertEqual(self.read({**GOOD, **nothing}, {**GOOD, "itemId": "i2", "categories": []}).counts["events"], 2)
        self.assertEqual(parse_time("2026-11-01T10:00:00"), parse_time("2026-11-01T11:00:00+01:00"))

    def test_a_byte_order_mark_line_ends_of_windows_and_gz_are_taken(self):
        text = "\ufeff" + json.dumps(GOOD) + "\r\n\r\n" + json.dumps({**GOOD, "itemId": "i2"}) + "\r\n"
        plain, packed = self.write("events.ndjson", text), self.folder / "events.ndjson.gz"
        packed.write_bytes(gzip.compress(plain.read_bytes()))
        self.assertEqual([e.item for e in read(Source("events", plain)).histories["u1"]], ["i1", "i2"])
        self.assertEqual(read(Source("events", packed)), read(Source("events", plain)))
        self.assertEqual([number for number, _ in json_rows(packed)], [1, 3])

    def test_one_event_from_elsewhere_names_where(self):
        self.assertEqual(event_of(GOOD, "here").micros, 1793527200000000)
        with self.assertRaisesRegex(DataError, "^here: field itemId"):
            event_of({**GOOD, "itemId": ""}, "here")

    def test_equal_texts_of_many_events_are_one_object(self):
        first, second = self.read({**GOOD, "categories": ["c"]}, {**GOOD, "kind": "cart", "categories": ["c"]}).histories["u1"]
        self.assertIs(first.item, second.item)
        self.assertIs(first.categories, second.categories)

    def test_a_line_is_said_after_every_million_rows(self):
        report = Report()
        with patch.object(report, "progress") as said:
            self.assertEqual(sum(parsed(((n, 1) for n in range(2_000_001)), int, self.folder, report)), 2_000_001)
        self.assertEqual(said.call_count, 2)


if __name__ == "__main__":
    unittest.main()
