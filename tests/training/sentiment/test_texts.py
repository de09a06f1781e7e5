"""Files of labelled texts, read and split into training, validation and test."""

import gzip
import tempfile
import unittest
from pathlib import Path

import numpy as np

from profile_training.encoding.hashing import hash64
from profile_training.errors import DataError
from profile_training.sentiment.measured import measured_texts
from profile_training.sentiment.sources import rows_of
from profile_training.sentiment.split import split_of
from profile_training.sentiment.texts import Collection, read_texts
from sentiment.texts import tokenizer

SHARE = 0.001  # of the invented texts


def rows(kind: str, content: str) -> list:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "few.tsv"
        path.write_text(content, "utf-8")
        return [(row.text, row.label, row.opinion) for row in rows_of(f"{kind}:{path}")[2]]


class Files(unittest.TestCase):
    def test_the_same_text_is_always_on_the_same_side_and_counts_once(self):
        found = Collection(tokenizer())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "few.csv"
            path.write_text("label,review\n1,很好\n1,很好！\n0,ＢＡＤ\n0,bad\n", "utf-8")
            found.add("few", rows_of(f"csv:{path}")[2])
        texts = found.collected()
        self.assertEqual(texts.counts, {"few": {"rows": 4, "texts": 3}})
        self.assertEqual(texts.splits.tolist(), [split_of(hash64(" ".join(units))) for units in ("很好", "很好!", ["bad"])])

    def test_invented_texts_come_beside_the_labelled_ones_and_are_those_of_the_seed(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "few.csv"
            path.write_text("label,text\n1,fine\n0,bad\n", "utf-8")
            one, same, other = (read_texts([f"csv:{path}"], tokenizer(), seed, SHARE) for seed in (1, 1, 2))
        self.assertLessEqual({"few", "goods", "negations", "facts", "codes", "foreign"}, {*one.names})
        np.testing.assert_array_equal(one.tokens, same.tokens)
        self.assertNotEqual(one.tokens.tolist(), other.tokens.tolist())
        without_opinion = np.isin(one.sets, [one.names.index(name) for name in ("facts", "codes", "foreign")])
        np.testing.assert_array_equal(one.opinions == 0, without_opinion)
        np.testing.assert_array_equal(one.labels[without_opinion], 0.5)

    def test_treebank_words_are_put_together(self):
        found = rows("treebank", "sentence\tlabel\nit does n't work , it 's bad \t0\na \"joy\t1\n")
        self.assertEqual(tokenizer().units(found[0][0]), tokenizer().units("it doesn't work, it's bad"))

    def test_labels_are_words_or_numbers_and_what_a_neutral_text_states_is_open(self):
        self.assertEqual(rows("tsv", "label\ttext\npositive\ta\nneutral\tb\n0\tc\n"), [("a", 1, 1), ("b", 0.5, None), ("c", 0, 1)])

    def test_words_of_a_lexicon_are_all_for_training_and_of_any_tone(self):
        content = "label\ttext\n0.9\tdandy\n0.25\tso so\nnegative\tshoddy\n"
        self.assertEqual(rows("lexicon", content), [("dandy", 0.9, 1), ("so so", 0.25, 1), ("shoddy", 0, 1)])
        for label in ("1.5", "-1", "nan", "great", ""):
            with self.assertRaisesRegex(DataError, "line 2: label must be 0 to 1"):
                rows("lexicon", f"label\ttext\n{label}\tdandy\n")
        words = [f"word{number}" for number in range(40)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "words.tsv"
            path.write_text("label\ttext\n" + "".join(f"{number % 2}\t{word}\n" for number, word in enumerate(words)), "utf-8")
            texts = read_texts([f"lexicon:{path}"], tokenizer(), 1, SHARE)
        listed = texts.sets == texts.names.index("words")
        self.assertEqual((listed.sum(), {*texts.splits[listed]}, {*texts.weights[listed]}), (40, {0}, {4.0}))

    def test_lines_of_json_have_labels_as_tables_have(self):
        lines = '\ufeff{"text":"a","label":1}\n\n{"text":"b","label":"neutral"}\n{"text":"c","label":"0"}\n'
        self.assertEqual(rows("ndjson", lines), [("a", 1, 1), ("b", 0.5, None), ("c", 0, 1)])
        for line, words in (('{"text":"a","label":"great"}', "label must be 0 or 1"), ('{"text":"a"}', "label must be 0 or 1"),
                            ('{"label":1}', "field text must be a string"), ("{", "not JSON")):
            with self.subTest(line), self.assertRaisesRegex(DataError, f"few.tsv line 3: {words}"):
                rows("ndjson", f'{{"text":"a","label":1}}\n\n{line}\n')

    def test_each_set_has_a_name_of_its_own(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("a/train.csv", "b/train.tsv", "facts.csv", "emoji.csv", "fine.csv"):
                path = Path(folder) / name
                path.parent.mkdir(exist_ok=True)
                path.write_text("label,text\n1,fine\n0,bad\n".replace(",", "\t" if name.endswith("tsv") else ","), "utf-8")
            for sources, clash in ((["csv:{}/a/train.csv", "tsv:{}/b/train.tsv"], "train"), (["csv:{}/facts.csv"], "facts"),
                                   (["csv:{}/emoji.csv", "csv:{}/fine.csv"], "emoji")):
                with self.assertRaisesRegex(DataError, f"rename {clash}$"):
                    read_texts([source.format(folder) for source in sources], tokenizer(), 1, SHARE)

    def test_requests_state_nothing_unless_their_intent_may(self):
        self.assertEqual(rows("requests", "intent\ttext\ntime\twhat time is it\nthank_you\tthanks\n"), [("what time is it", None, 0)])

    def test_bad_data_is_named(self):
        for kind, content, words in (("csv", "label,text\n2,x\n", "line 2: label must be 0 or 1"), ("csv", "text\nx\n", "must have label"),
                                     ("requests", "label\ttext\n", "must have intent"), ("emoji", "Emoji,Negative\n", "must have Emoji")):
            with self.assertRaisesRegex(DataError, words):
                rows(kind, content)
        with self.assertRaisesRegex(DataError, "expected FORMAT:PATH"):
            rows_of("words.csv")
        for kind, content, words in (
                ("csv", 'label,text\n1,"open\n0,bad\n1,fine\n', "line 2: not CSV: unexpected end of data; .* close the quote"),
                ("csv", 'label,text\n1,fine\n1,"open\n0,"bad"\n', "line 3: not CSV"),
                ("csv", "label,text\n1,a,b\n", "line 2: 3 fields, 2 exp"),
                ("csv", f"label,text\n1,{'x' * 200_000}\n", "line 2: not CSV: field larger"),
                ("tsv", f"label\ttext\n1\t{'x' * 200_000}\n", "line 2: not CSV: field larger[^;]*; correct the row$"),
                ("ndjson", '{"text":"\\ud800","label":1}', "line 1: field text has broken Unicode"),
                ("emoji", "Emoji,Negative,Neutral,Positive\n😀,1,x,3\n", "line 2: field Neutral must be a finite number, not 'x'"),
                ("emoji", "Emoji,Negative,Neutral,Positive\n😀,1,,3\n", "line 2: field Neutral must be a number of tweets"),
                ("emoji", "Emoji,Negative,Neutral,Positive\n😀,1,3\n", "line 2: 3 fields, 4 expected"),
                ("emoji", "Emoji,Negative,Neutral,Positive\n,9,9,9\n😀,1,1,1\n", "no emoji is counted in 5 tweets")):
            with self.subTest(content[:50]), self.assertRaisesRegex(DataError, words):
                rows(kind, content)
        one_tone = Collection(tokenizer())
        with self.assertRaisesRegex(DataError, "both labels"):
            one_tone.collected()

    def test_a_table_may_be_packed_and_must_be_utf_8(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "few.csv.gz"
            path.write_bytes(gzip.compress("label,text\n1,é\n".encode()))
            name, _, found = rows_of(f"csv:{path}")
            self.assertEqual((name, [row.text for row in found]), ("few", ["é"]))
            plain = Path(folder) / "few.csv"
            plain.write_bytes("label,text\n1,fine\n0,é\n".encode("latin-1"))
            with self.assertRaisesRegex(DataError, "few.csv line 3: not UTF-8"):
                list(rows_of(f"csv:{plain}")[2])

    def test_texts_for_measuring_may_have_stars_and_titles(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "stars.tsv"
            path.write_text("stars\ttitle\ttext\tkind\n5\tGood\tIt is\ta\n3\tSo\tso\tb\n2\tBad\tNo\ta\n", "utf-8")
            texts, labels, groups = measured_texts(path, "kind", with_title=True)
            self.assertEqual((texts, labels.tolist(), groups), (["Good. It is", "So. so", "Bad. No"], [1, 0.5, 0], ["a", "b", "a"]))
            path.write_text("label\treview\n1\tfine\tand more\n", "utf-8")
            for by, group in ((None, None), ("label", "1")):
                self.assertEqual([found[0] for found in measured_texts(path, by, with_title=False)], ["fine", 1, group])

    def test_bad_texts_for_measuring_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "stars.tsv"
            for content, by, words in (("stars\ttext\n6\tx\n", None, "line 2: label must be 0 or 1, .* or stars must be 1 to 5$"),
                                       ("text\tlabel\ttitle\nx\t1\n", None, "line 2: title must not be missing"),
                                       ("text\tlabel\ttitle\tlang\nx\t1\tX\n", "lang", "line 2: lang must not be missing"),
                                       ("text\tlabel\nx\t1\n", "lang", "must have lang and one of text, review, sentence"),
                                       ("words\tlabel\nx\t1\n", None, "must have one of text, review, sentence")):
                path.write_text(content, "utf-8")
                with self.subTest(content), self.assertRaisesRegex(DataError, words):
                    measured_texts(path, by, with_title=True)


if __name__ == "__main__":
    unittest.main()
