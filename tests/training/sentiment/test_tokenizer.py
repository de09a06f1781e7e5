"""The tokenizer: what is a unit, and what makes no difference."""

import unittest

from profile_training.encoding.hashing import hash64
from profile_training.sentiment.folding import folding_table
from profile_training.sentiment.tokenizer import SLOTS
from sentiment.texts import tokenizer


class Units(unittest.TestCase):
    def test_a_word_is_a_unit_and_so_is_each_character_of_anything_else(self):
        self.assertEqual(tokenizer().units("Don't buy, 质量差 😀"), ["don't", "buy", ",", "质", "量", "差", "😀"])

    def test_writing_makes_no_difference(self):
        for one, other in (("ＧＯＯＤ！", "good!"), ("cafe\u0301", "Café"), ("don’t", "don't"), ("a\u200bb\u3000c", "ab c"),
                           ("ﬁne ①", "fine 1"), ("❤️", "❤"), ("👍🏽", "👍"), ("👋🏿 1️⃣", "👋 1")):
            self.assertEqual(tokenizer().units(one), tokenizer().units(other))

    def test_runs_words_and_texts_are_bounded(self):
        self.assertEqual(tokenizer().units("!" * 99), ["!"] * 3)
        self.assertEqual(tokenizer().units("a" * 99), ["a" * 24])
        self.assertEqual(tokenizer(units=4).units("a b c d e f g"), ["a", "b", "f", "g"])
        self.assertEqual(tokenizer(units=5).units("a b c d e f g"), ["a", "b", "e", "f", "g"])

    def test_broken_unicode_is_one_unit_and_an_empty_text_has_none(self):
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


if __name__ == "__main__":
    unittest.main()
