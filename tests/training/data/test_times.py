"""Times: training reads exactly what the service reads. The cases are tests/times.tsv, which TimestampTests reads too."""

import json
import unittest

from here import ROOT
from profile_training.data.event import event_of
from profile_training.data.times import parse_any_time
from profile_training.errors import DataError

EVENT = {"userId": "u1", "kind": "view", "itemId": "i1"}


def cases():
    for line in (ROOT / "tests" / "times.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


class Times(unittest.TestCase):
    def test_every_case_of_the_table_is_read_as_it_says(self):
        for value, expected in cases():
            with self.subTest(value):
                event = {**EVENT, "timestamp": json.loads(value)}
                if expected == "refused":
                    with self.assertRaisesRegex(DataError, "here: field timestamp"):
                        event_of(event, "here")
                else:
                    self.assertEqual(event_of(event, "here").micros, int(expected))

    def test_a_text_of_a_table_is_read_as_in_an_event_unless_it_is_unix_time(self):
        for value, expected in cases():
            text = json.loads(value)
            if not isinstance(text, str) or (text.isascii() and text.isdecimal()) or text.endswith(" UTC"):
                continue
            with self.subTest(value):
                if expected == "refused":
                    self.assertRaises(ValueError, parse_any_time, text)
                else:
                    self.assertEqual(parse_any_time(text), int(expected))


if __name__ == "__main__":
    unittest.main()
