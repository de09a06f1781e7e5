"""A line a user."""

import unittest

from files import LONG, FormatTest, micros
from profile_training.data.event import Event
from profile_training.data.histories import read
from profile_training.data.source import Source


class Sequences(FormatTest):
    def test_items_follow_each_other_by_a_second_from_the_year_2000(self):
        path = self.write("users.txt", "7 a b a\n\n8\tc\n7 d\n")
        prepared = read(Source("sequences", path))
        start = micros("2000-01-01")
        self.assertEqual(prepared.histories, {
            "7": [Event("7", "view", item, start + n * 1_000_000) for n, item in enumerate("abad")],
            "8": [Event("8", "view", "c", start)]})
        self.assertEqual(prepared.counts["duplicates"], 0)
        self.assertEqual(read(Source("sequences", path, kind="review")).histories["8"][0].kind, "review")

    def test_bad_rows_are_named(self):
        self.refused(Source("sequences", self.write("users.txt", "u a\nv\n")), "line 2: a user without items")
        self.refused(Source("sequences", self.write("users.txt", f"u a {LONG}x b\n")), "line 1: field itemId is longer")


if __name__ == "__main__":
    unittest.main()
