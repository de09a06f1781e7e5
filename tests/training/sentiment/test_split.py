"""Phrases are split by the sentences that they are cut from."""

import random
import unittest

from profile_training.sentiment.split import NOWHERE, SPLITS, lying_within, split_of, splits_of_phrases
from profile_training.encoding.hashing import hash64


def cut(rng, words: list) -> list:
    """A sentence and phrases of it."""
    spans = [sorted(rng.sample(range(len(words) + 1), 2)) for _ in range(8)]
    return [tuple(words)] + [tuple(words[start:end]) for start, end in spans]


class Split(unittest.TestCase):
    def test_a_tenth_is_held_out(self):
        splits = [SPLITS[split_of(hash64(str(n)))] for n in range(10_000)]
        self.assertAlmostEqual(splits.count("test") / 10_000, 0.10, delta=0.01)
        self.assertAlmostEqual(splits.count("valid") / 10_000, 0.05, delta=0.01)

    def test_no_phrase_shares_its_sentence_with_one_of_another_part(self):
        rng, phrases = random.Random(1), []
        sentences = [[f"w{rng.randint(0, 300)}" for _ in range(rng.randint(3, 20))] for _ in range(400)]
        for words in sentences:
            phrases += cut(rng, words)
        phrases = [*{*phrases}]
        splits = splits_of_phrases(phrases)
        split = dict(zip(phrases, splits))
        self.assertEqual({*splits}, {0, 1, 2, NOWHERE})
        for words in sentences:
            inside = {split[p] for p in phrases if " ".join(p) in " ".join(words) and lying_within([p], [tuple(words)])} - {NOWHERE}
            self.assertLessEqual(len(inside), 1)

    def test_a_phrase_of_sentences_of_two_parts_is_of_no_use(self):
        sentences = {split_of(hash64(f"w{n} same end")): (f"w{n}", "same", "end") for n in range(200)}
        splits = splits_of_phrases([*sentences.values(), ("same", "end")])
        self.assertEqual(splits, [*sentences, NOWHERE])

    def test_what_lies_within_a_text_is_found(self):
        phrases = [("b", "c"), ("c",), ("c", "b"), ("a", "b", "c", "d"), ("d", "e")]
        self.assertEqual(lying_within(phrases, [("a", "b", "c", "d"), ("e",)]), {0, 1, 3})


if __name__ == "__main__":
    unittest.main()
