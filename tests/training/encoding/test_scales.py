"""Scales that a version has from the one before it."""

import unittest

from profile_training.encoding.scales import with_scales_of


class Scales(unittest.TestCase):
    def test_values_and_times_keep_the_scales_of_the_same_encoding_and_nothing_else_is_taken(self):
        before = {"items": {"encoding": "vocabulary", "size": 3}, "values": {"encoding": "linear", "offset": 1.0, "scale": 2.0},
                  "time": {"encoding": "dayAndHour", "offset": 5.0, "scale": 1.0}}
        now = {"items": {"encoding": "vocabulary", "size": 9}, "values": {"encoding": "linear", "offset": 0.0, "scale": 7.0}}
        self.assertEqual(with_scales_of(before, now), {"items": now["items"], "values": before["values"]})
        self.assertEqual(with_scales_of({**before, "values": {"encoding": "none"}}, now), now)


if __name__ == "__main__":
    unittest.main()
