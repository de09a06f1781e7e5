"""Files of labelled texts, and their split into training, validation and test."""

import tempfile
import unittest
from pathlib import Path

from profile_training.encoding.hashing import hash64
from profile_training.errors import DataError
from profile_training.sentiment.texts import PARTS, part_of, read_texts
from sentiment.texts import tokenizer


class Split(unittest.TestCase):
    def test_the_same_text_is_always_on_the_same_side_and_counts_once(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "few.csv"
            path.write_text("label,review\n1,很好\n1,很好！\n0,ＢＡＤ\n0,bad\n", "utf-8")
            texts = read_texts([f"csv:{path}"], tokenizer())
        self.assertEqual(texts.counts, {"few": {"rows": 4, "texts": 3}})
        self.assertEqual(texts.parts.tolist(), [part_of(hash64(" ".join(units))) for units in ("很好", "很好!", ["bad"])])

    def test_a_tenth_is_held_out(self):
        parts = [PARTS[part_of(hash64(str(n)))] for n in range(10_000)]
        self.assertAlmostEqual(parts.count("test") / 10_000, 0.10, delta=0.01)
        self.assertAlmostEqual(parts.count("valid") / 10_000, 0.05, delta=0.01)

    def test_treebank_words_are_put_together(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bank.tsv"
            path.write_text("sentence\tlabel\nit does n't work , it 's bad \t0\na \"joy\t1\n", "utf-8")
            texts = read_texts([f"treebank:{path}"], tokenizer())
        self.assertEqual(texts.tokens[:texts.starts[1]].tolist(), tokenizer().tokens("it doesn't work, it's bad").tolist())

    def test_bad_data_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bad.csv"
            for content, words in (("label,text\n2,x\n", "line 2: label must be 0 or 1"), ("text\nx\n", "must have label"),
                                   ("label,text\n1,x\n", "both labels")):
                path.write_text(content, "utf-8")
                with self.assertRaisesRegex(DataError, words):
                    read_texts([f"csv:{path}"], tokenizer())
        with self.assertRaisesRegex(DataError, "expected FORMAT:PATH"):
            read_texts(["words.csv"], tokenizer())


if __name__ == "__main__":
    unittest.main()
