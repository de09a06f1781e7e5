"""The arguments that say what is read."""

import unittest
from argparse import ArgumentParser
from pathlib import Path

from profile_training.data.source import Source, add_arguments
from profile_training.errors import DataError


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
                (["csv:x", *columns[:1], columns[1] + ",colour=c"], "colour is not one of eventId, userId"),
                (["csv:x", "--columns", "userId"], "NAME=VALUE"), (["csv:x", "--columns", "userId=a,userId=b"], "once"),
                (["csv:x", *columns, "--kinds", "1=view"], "--kinds is for csv with a kind"),
                (["csv:x", "--columns", columns[1] + ",kind=k", "--kinds", "1=buy"], "--kinds: buy is not one of view"),
                (["csv:x", "--columns", columns[1] + ",kind=k", "--kind", "cart"], "--kind is for"),
                (["csv:x", *columns, "--kind", "buy"], "--kind: buy is not one of view"),
                (["events:x", "--kind", "cart"], "--kind is for"), (["events:x", *columns], "--columns is for csv")]:
            with self.subTest(arguments), self.assertRaisesRegex(DataError, words):
                self.source("--data", *arguments)


if __name__ == "__main__":
    unittest.main()
