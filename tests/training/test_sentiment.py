"""Sentiment: the tokenizer, the package that ships, and a tiny run from end to end on invented texts."""

import hashlib
import json
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from here import ROOT, TRAINING
import numpy as np
import torch
from encode import hash64
from labelled_texts import PARTS, part_of, read_texts
from events import DataError
from sentiment_export import load_sentiment
from sentiment_golden import TEXTS
from sentiment_of_events import above, rank_correlation, rated_texts, scores_of
from text_folding import folding_table
from text_tokens import SLOTS, Tokenizer, TokenizerSettings

SHIPPED = ROOT / "models/sentiment/1"
GOOD, BAD = ("lovely", "superb", "beautiful", "很好", "喜欢"), ("awful", "broken", "ugly", "很差", "失望")
REST = ("the", "lamp", "kettle", "colour", "box", "today", "水壶", "颜色", "今天", "包装")


def tokenizer(**settings) -> Tokenizer:
    return Tokenizer(TokenizerSettings(**{"buckets": 1_000, "units": 16, **settings}), folding_table())


def invented(path: Path, count: int, seed: int) -> Path:
    """Texts of a few words; what a text says is what its one word of feeling says."""
    rng, lines = random.Random(seed), ["label,text"]
    for n in range(count):
        words = rng.choices(REST, k=rng.randint(3, 9))
        words.insert(rng.randint(0, len(words)), rng.choice(GOOD if n % 2 else BAD))
        lines.append(f"{n % 2},{' '.join(words)} {n}")
    path.write_text("\n".join(lines), "utf-8")
    return path


def make_sentiment(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-W", "ignore", TRAINING / "make_sentiment.py", *map(str, arguments)], capture_output=True, text=True)


class Units(unittest.TestCase):
    def test_a_word_is_a_unit_and_so_is_each_character_of_anything_else(self):
        self.assertEqual(tokenizer().units("Don't buy, 质量差 😀"), ["don't", "buy", ",", "质", "量", "差", "😀"])

    def test_writing_makes_no_difference(self):
        for one, other in (("ＧＯＯＤ！", "good!"), ("cafe\u0301", "Café"), ("don’t", "don't"), ("a\u200bb\u3000c", "ab c"), ("ﬁne ①", "fine 1"), ("❤️", "❤")):
            self.assertEqual(tokenizer().units(one), tokenizer().units(other))

    def test_runs_words_and_texts_are_bounded(self):
        self.assertEqual(tokenizer().units("!" * 99), ["!"] * 3)
        self.assertEqual(tokenizer().units("a" * 99), ["a" * 24])
        self.assertEqual(tokenizer(units=4).units("a b c d e f g"), ["a", "b", "f", "g"])
        self.assertEqual(tokenizer(units=5).units("a b c d e f g"), ["a", "b", "e", "f", "g"])

    def test_broken_unicode_is_one_sign_and_nothing_has_no_unit(self):
        self.assertEqual(tokenizer().units("\ud83d x"), ["\ufffd", "x"])
        for text in ("", " \n", "'", "\u200b"):
            self.assertEqual(tokenizer().tokens(text).tolist(), [])

    def test_tokens_are_the_hashes_of_a_unit_its_neighbours_and_its_beginning(self):
        grams = ["great 好", "great 好 !", "great", "great*", "好 !"]
        pair, triple, word, stem, last = (1 + hash64(gram) % 1_000 for gram in grams)
        tokens = tokenizer().tokens("Great 好!").reshape(-1, SLOTS)
        self.assertEqual(tokens[0].tolist(), [word, pair, triple, stem])
        self.assertEqual(tokens[1].tolist()[1:], [last, 0, 0])

    def test_grams_are_no_longer_than_they_may_be(self):
        self.assertEqual(tokenizer(longest_gram=2).tokens("a b c").reshape(-1, SLOTS)[:, 2].tolist(), [0, 0, 0])

    def test_folding_settles_in_one_step(self):
        table = folding_table()
        self.assertFalse([c for c, folded in table.items() for part in folded if part in table and table[part] != part])


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
            for content, words in (("label,text\n2,x\n", "line 2: label must be 0 or 1"), ("text\nx\n", "must name label"), ("label,text\n1,x\n", "both labels")):
                path.write_text(content, "utf-8")
                with self.assertRaisesRegex(DataError, words):
                    read_texts([f"csv:{path}"], tokenizer())
        with self.assertRaisesRegex(DataError, "expected FORMAT:PATH"):
            read_texts(["words.csv"], tokenizer())


class Package(unittest.TestCase):
    def assert_proves_itself(self, folder: Path):
        """Files as listed; the texts give the tokens, and the weights read back from the graph give the scores."""
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        for name, digest in manifest["files"].items():
            self.assertEqual(hashlib.sha256((folder / name).read_bytes()).hexdigest(), digest)
        model, its_tokenizer = load_sentiment(folder)
        samples = json.loads((folder / "golden.json").read_text("utf-8"))["samples"]
        self.assertGreaterEqual(len(samples), 20)
        self.assertEqual([s["text"] for s in samples], list(TEXTS))
        for sample in samples:
            self.assertEqual(its_tokenizer.tokens(sample["text"]).tolist(), sample["tokens"])
        np.testing.assert_allclose(scores_of(model, its_tokenizer, TEXTS), [s["score"] for s in samples], atol=1e-5)
        tokens = torch.tensor([samples[0]["tokens"] + [0] * 40])
        score, attention = model(tokens)
        self.assertAlmostEqual(score.item(), samples[0]["score"], places=4)
        self.assertAlmostEqual(attention.sum().item(), 1.0, places=4)
        self.assertEqual(attention[tokens == 0].abs().max().item(), 0.0)

    def test_the_package_that_ships_proves_itself(self):
        self.assert_proves_itself(SHIPPED)

    def test_a_tiny_run_learns_and_its_package_proves_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            data, out = invented(Path(folder) / "texts.csv", 1_500, seed=1), Path(folder) / "tiny" / "1"
            done = make_sentiment("--data", f"csv:{data}", "--config", "tiny", "--out", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_proves_itself(out)
            figures = json.loads(done.stdout.splitlines()[-1])["test"]
            self.assertEqual(figures["all"]["texts"], figures["texts"]["texts"])
            self.assertGreater(figures["all"]["model"], 0.95)
            self.assertLess(figures["all"]["majority"], 0.65)
            low, high = scores_of(*load_sentiment(out), ["the kettle is awful today", "今天 水壶 很好"])
            self.assertLess(low, 0)
            self.assertGreater(high, 0)

    def test_bad_data_ends_with_one_line_that_says_where(self):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "texts.csv"
            data.write_text("label,text\nyes,fine\n", "utf-8")
            done = make_sentiment("--data", f"csv:{data}", "--config", "tiny", "--out", Path(folder) / "x" / "1")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^make_sentiment: [^\n]*texts.csv line 2[^\n]*\n$")


class OfEvents(unittest.TestCase):
    def test_a_review_belongs_to_the_rating_before_it(self):
        events = [("u", "rating", "a", 5, None), ("u", "review", "b", None, "no rating"), ("v", "review", "a", None, "another user"), ("u", "review", "a", None, "mine")]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.ndjson"
            path.write_text("\n".join(json.dumps(dict(zip(("userId", "kind", "itemId", "value", "text"), e))) for e in events), "utf-8")
            self.assertEqual(rated_texts(path), [("mine", 5)])

    def test_figures_of_hand_computed_cases(self):
        self.assertEqual(above(np.array([1.0, 3.0]), np.array([2.0, 0.0])), 0.75)
        self.assertEqual(above(np.array([1.0]), np.array([1.0])), 0.5)
        self.assertEqual(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])), 1.0)
        self.assertAlmostEqual(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])), 1 / 3)


if __name__ == "__main__":
    unittest.main()
