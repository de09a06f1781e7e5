"""Reading: the order of a history and its duplicates are the service's, and a few bad rows cost nothing but themselves."""

import contextlib
import gc
import gzip
import io
import json
import unittest

from files import GOOD, Files
from profile_training.data.event import Event
from profile_training.data.histories import read
from profile_training.data.source import Source
from profile_training.errors import DataError


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

    def test_counts_of_a_log_without_some_users_are_of_the_others(self):
        counts = self.read(GOOD, {**GOOD, "itemId": "i2"}, {**GOOD, "userId": "u2"}).without("u2".__eq__, "--forget").counts
        self.assertEqual([counts[name] for name in ("events", "users", "items", "usersWithOneEvent")], [2, 1, 2, 0])


class BadRows(Files):
    def test_one_in_a_hundred_may_be_bad_and_the_first_five_are_named(self):
        rows = [{**GOOD, "itemId": f"i{n}"} for n in range(594)] + [{**GOOD, "kind": f"odd{n}"} for n in range(6)]
        with contextlib.redirect_stderr(io.StringIO()) as said:
            prepared = self.read(*rows)
        self.assertEqual((prepared.counts["events"], prepared.counts["unreadable"]), (594, 6))
        lines = said.getvalue().splitlines()
        self.assertEqual(len(lines), 6)
        self.assertRegex(lines[0], "events.ndjson line 595: field kind must be one of view, .*, not 'odd0'")
        self.assertRegex(lines[4], "line 599: field kind")
        self.assertRegex(lines[5], "6 of 600 rows cannot be read and are left out")

    def test_more_are_too_many_and_the_error_names_the_first_and_says_what_to_do(self):
        for good, bad in ((594, 7), (98, 1), (0, 1)):
            with self.subTest(good=good), self.assertRaises(DataError) as caught:
                self.read(*[{**GOOD, "itemId": f"i{n}"} for n in range(good)], *["{oops"] * bad)
            self.assertRegex(str(caught.exception), rf"{bad} of {good + bad} rows cannot be read")
            self.assertRegex(str(caught.exception), rf"line {good + 1}: not JSON")
            self.assertEqual(str(caught.exception).count("not JSON"), min(bad, 5))
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
            with self.assertRaisesRegex(DataError, "events.gz: the gzip file is damaged"):
                read(source)

    def test_a_packed_file_with_a_wrong_byte_and_a_plain_one_named_gz_are_errors_that_name_it(self):
        packed, path = bytearray(gzip.compress(json.dumps(GOOD).encode())), self.folder / "events.gz"
        packed[-8] ^= 1  # of the checksum
        for content in (packed, json.dumps(GOOD).encode()):
            path.write_bytes(content)
            with self.assertRaisesRegex(DataError, "events.gz: the gzip file is damaged"):
                read(Source("events", path))

    def test_reading_leaves_the_garbage_collector_as_it_was(self):
        for switch, expected in ((gc.disable, False), (gc.enable, True)):
            switch()
            self.read(GOOD)
            self.assertEqual(gc.isenabled(), expected)


class Attributes(Files):
    def test_a_file_of_attributes_stands_instead_of_the_formats_own(self):
        path = self.write("users.ndjson", '{"userId":"u1","attributes":{"age":30},"interests":["x"]}\n')
        self.assertEqual(self.read(GOOD, attributes=path).attributes, {"u1": {"age": 30}})
        self.assertEqual(self.read(GOOD).attributes, {})

    def test_they_are_those_that_the_service_takes(self):
        path = self.write("users.ndjson", '{"userId":"u1","attributes":{"member":true,"age":null,"city":"","x":-0.5}}\n')
        self.assertEqual(self.read(GOOD, attributes=path).attributes, {"u1": {"member": True, "city": "", "x": -0.5}})

    def test_a_bad_one_is_named(self):
        for line, words in [(f'{{"userId":"u2","attributes":{{"age":1{"0" * 309}}}}}', "line 2: field attributes.age must be a finite"),
                            ('{"userId":"u2","attributes":{"age":NaN}}', "line 2: field attributes.age must be a finite"),
                            ('{"userId":"u2","attributes":{"age":[30]}}', "line 2: field attributes.age"),
                            ('{"userId":"u2"}', "line 2: fields userId"), ("[]", "line 2: not a JSON object")]:
            path = self.write("users.ndjson", f'{{"userId":"u1","attributes":{{"age":30}}}}\n{line}\n')
            with self.subTest(line), self.assertRaisesRegex(DataError, words):
                self.read(GOOD, attributes=path)


if __name__ == "__main__":
    unittest.main()
