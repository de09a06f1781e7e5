"""The folder of MovieLens-100K."""

import contextlib
import io
import unittest

from files import FormatTest
from profile_training.data.event import Event
from profile_training.data.histories import read
from profile_training.data.source import Source
from profile_training.errors import DataError


class MovieLens(FormatTest):
    def setUp(self):
        super().setUp()
        self.write("u.genre", "unknown|0\nAction|1\nComedy|2\n")
        (self.folder / "u.item").write_text("5|Film é|01-Jan-1995||url|0|1|1\n6|Other|||url|0|0|1\n", "latin-1")
        self.write("u.user", "1|24|M|technician|85711\n")

    def test_ratings_have_genres_users_have_attributes_and_ties_stay_in_file_order(self):
        self.write("u.data", "1\t6\t3\t100\n1\t5\t4\t100\n1\t5\t1\t99\n")
        histories, attributes, _ = read(Source.of(f"movielens-100k:{self.folder}"))
        self.assertEqual(histories["1"], [Event("1", "rating", "5", 99_000_000, ("Action", "Comedy"), 1.0),
                                          Event("1", "rating", "6", 100_000_000, ("Comedy",), 3.0),
                                          Event("1", "rating", "5", 100_000_000, ("Action", "Comedy"), 4.0)])
        self.assertEqual(attributes, {"1": {"age": 24, "gender": "M", "occupation": "technician"}})

    def test_numbers_with_a_zero_fraction_are_whole_and_a_user_is_kept_without_a_bad_age(self):
        self.write("u.data", "1\t6\t3.0\t880000000.0\n")
        self.write("u.user", "1|24.0|M|technician|85711\n2|old|F|other|1\n")
        with contextlib.redirect_stderr(io.StringIO()) as said:
            histories, attributes, counts = read(Source("movielens-100k", self.folder))
        self.assertEqual(histories["1"], [Event("1", "rating", "6", 880000000000000, ("Comedy",), 3.0)])
        self.assertEqual(attributes, {"1": {"age": 24, "gender": "M", "occupation": "technician"},
                                      "2": {"gender": "F", "occupation": "other"}})
        self.assertEqual(counts["fieldsLeftOut"], {"age": 1})
        self.assertRegex(said.getvalue(), "u.user line 2: field age is not a whole number: 'old'; the row is kept without it")

    def test_bad_rows_are_named_in_every_file(self):
        for name, line, words in [
                ("u.data", "1\t7\t3\t100", "line 1: field item '7'"), ("u.data", "1\t5\tgood\t100", "line 1: field rating"),
                ("u.data", "1\t5\t3", "line 1: 3 fields, 4 expected"), ("u.data", "1\t5\t3\tx", "line 1: field timestamp"),
                ("u.item", "5|a", "u.item line 1: 2 fields")]:
            with self.subTest(line):
                self.setUp()
                self.write("u.data", "1\t6\t3\t100\n")
                self.write(name, line + "\n")
                with self.assertRaisesRegex(DataError, words):
                    read(Source("movielens-100k", self.folder))


if __name__ == "__main__":
    unittest.main()
