"""OTTO sessions."""

import json
import unittest

from files import FormatTest
from profile_training.data.event import Event
from profile_training.data.histories import read
from profile_training.data.source import Source


class Otto(FormatTest):
    LINE = {"session": 0, "events": [{"aid": 15, "ts": 1659304800025, "type": "clicks"},
                                     {"aid": 16, "ts": 1659304904511, "type": "carts"},
                                     {"aid": 16, "ts": 1659304904512, "type": "orders"}]}

    def test_sessions_are_users(self):
        prepared = read(Source("otto", self.write("otto.jsonl", json.dumps(self.LINE))))
        self.assertEqual(prepared.histories, {"0": [Event("0", "click", "15", 1659304800025000),
                                                    Event("0", "cart", "16", 1659304904511000),
                                                    Event("0", "purchase", "16", 1659304904512000)]})

    def test_numbers_with_a_zero_fraction_are_whole(self):
        line = {"session": 1.0, "events": [{"aid": 15.0, "ts": 1659304800025.0, "type": "clicks"}]}
        self.assertEqual(read(Source("otto", self.write("otto.jsonl", json.dumps(line)))).histories,
                         {"1": [Event("1", "click", "15", 1659304800025000)]})

    def test_bad_rows_are_named(self):
        event = self.LINE["events"][0]
        for line, words in [({"session": 1}, "field events must be a list"), ([], "not a JSON object"),
                            ({"session": None, "events": [event]}, "field session"),
                            ({"session": 1, "events": [1]}, "field events must contain objects"),
                            ({"session": 1, "events": [{**event, "aid": True}]}, "field aid"),
                            ({"session": 1, "events": [{**event, "type": "view"}]}, "field type must be one of clicks"),
                            ({"session": 1, "events": [{**event, "ts": 1.5}]}, "field ts"),
                            ({"session": 1, "events": [{**event, "ts": 10**18}]}, "field ts"),
                            ({"session": 1, "events": [{**event, "ts": None}]}, "field ts")]:
            with self.subTest(words):
                path = self.write("otto.jsonl", json.dumps(self.LINE) + "\n" + json.dumps(line))
                self.refused(Source("otto", path), f"line 2: .*{words}")


if __name__ == "__main__":
    unittest.main()
