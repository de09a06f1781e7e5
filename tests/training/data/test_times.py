"""Times: training reads exactly what the service reads. The cases are tests/times.tsv, which TimestampTests reads too."""

import json
import unittest

from here import ROOT
from profile_training.data.event import event_of
from profile_training.data.times import UNIX, parse_any_time
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
            if not isinstance(text, str) or UNIX.fullmatch(text) or text.endswith(" UTC"):
                continue
            with self.subTest(value):
                if expected == "refused":
                    self.assertRaises(ValueError, parse_any_time, text)
                else:
                    self.assertEqual(parse_any_time(text), int(expected))

    def test_unix_time_of_a_table_may_have_a_fraction_and_an_exponent(self):
        for text, micros in [
            ("880000002.5", 880_000_002_500_000), ("880000002.1234567", 880_000_002_123_456), ("8.8e8", 880_000_000_000_000),
            ("8.8E+08", 880_000_000_000_000), ("880000002123.5", 880_000_002_123_500), ("8.800000025e14", 880_000_002_500_000),
            ("880000000.", 880_000_000_000_000), ("880000000.00", 880_000_000_000_000),
        ]:
            with self.subTest(text):
                self.assertEqual(parse_any_time(text), micros)
        for text in "-8.8e8", "8.8e", "8.8e99", "8.8e-3", "8.8e999999999", "1e400", ".5", "8,8e8", "nan", "inf":
            with self.subTest(text):
                self.assertRaises(ValueError, parse_any_time, text)


if __name__ == "__main__":
    unittest.main()
