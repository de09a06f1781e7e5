"""Which words the network knows, and what it makes of others."""

import unittest

import numpy as np
import torch

from profile_training.sentiment.calibration import calibration_error
from profile_training.sentiment.known import learn_words
from profile_training.sentiment.negators import TURNED
from profile_training.sentiment.network import SentimentModel, SentimentShape
from profile_training.sentiment.rows import rows_of
from profile_training.sentiment.sources import LEXICON, Row
from profile_training.sentiment.split import TRAIN
from profile_training.sentiment.targets import accuracy, fair_accuracy, loss_of
from profile_training.sentiment.texts import Collection
from profile_training.sentiment.tokenizer import SLOTS
from sentiment.texts import tokenizer

HASHES, BUCKETS = 64, 16
UNKNOWN = 1 + BUCKETS


def model_that_knows(*tokens) -> SentimentModel:
    model, bits = SentimentModel(SentimentShape(HASHES, BUCKETS, BUCKETS, 8, 4, 2, 1)), np.zeros(HASHES, bool)
    bits[[token - 1 for token in tokens]] = True
    model.known.data = torch.from_numpy(np.packbits(bits, bitorder="little"))
    return model.eval()


class Known(unittest.TestCase):
    def test_a_known_token_is_a_bucket_and_an_unknown_unit_a_row_of_its_own(self):
        given = torch.tensor([[1, 0, 0, 0, 18, 0, 0, 0, 64, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]])
        tokens = model_that_knows(1, 18, 64).recognised(given).reshape(-1, 4)[:, 0]
        self.assertEqual(tokens.tolist(), [1, 18, 64, HASHES + 1, 0])
        self.assertEqual(rows_of(tokens, HASHES, BUCKETS).tolist(), [1, 2, 16, UNKNOWN, 0])
        self.assertEqual(rows_of(tokens, HASHES, 32).tolist(), [1, 18, 32, 33, 0])

    def test_a_gram_is_known_if_all_its_units_are(self):
        grams = [[1, 40, 50, 0], [2, 41, 51, 0], [3, 42, 0, 0], [9, 43, 0, 0]]
        rows = model_that_knows(1, 2, 3).recognised(torch.tensor([sum(grams, [])])).reshape(-1, 4)
        self.assertEqual((rows[:, 1] > 0).tolist(), [True, True, False, False])
        self.assertEqual((rows[:, 2] > 0).tolist(), [True, False, False, False])

    def test_the_beginning_of_an_unknown_word_may_be_known(self):
        rows = model_that_knows(5).recognised(torch.tensor([[9, 0, 0, 5, 9, 0, 0, 6]])).reshape(-1, 4)
        self.assertEqual(rows[:, 3].tolist(), [5, 0])

    def test_a_word_is_known_by_two_texts_or_by_a_lexicon(self):
        cut, found = tokenizer(buckets=1 << 20), Collection(tokenizer(buckets=1 << 20))
        found.add("few", [Row(text, label, split=TRAIN) for text, label in (("fine pen", 1.0), ("fine ink", 1.0), ("bad lid", 0.0))])
        found.add("words", [Row("dandy", 0.9, split=TRAIN)], LEXICON)
        texts, model = found.collected(), SentimentModel(SentimentShape(1 << 20, BUCKETS, BUCKETS, 16, 4, 2, 1))
        learn_words(model, texts, cut)
        tokens = model.recognised(torch.from_numpy(cut.tokens("fine dandy pen")).unsqueeze(0)).reshape(-1, SLOTS)[:, 0]
        self.assertEqual((tokens > model.shape.hashes).tolist(), [False, False, True])

    def test_numbers_are_not_known_however_frequent_but_for_those_that_tell(self):
        cut, found = tokenizer(buckets=1 << 20), Collection(tokenizer(buckets=1 << 20))
        found.add("few", [Row(f"{word} 45 10 123456", label, split=TRAIN) for word, label in (("fine", 1.0), ("good", 1.0), ("bad", 0.0))])
        texts, model = found.collected(), SentimentModel(SentimentShape(1 << 20, BUCKETS, BUCKETS, 16, 4, 2, 1))
        learn_words(model, texts, cut)
        tokens = model.recognised(torch.from_numpy(cut.tokens("45 10 123456")).unsqueeze(0)).reshape(-1, SLOTS)
        self.assertEqual((tokens[:, 0] > model.shape.hashes).tolist(), [True, False, True])
        self.assertEqual(tokens[2, 3].item(), 0)

    def test_texts_of_other_unknown_words_are_read_alike(self):
        score, opinion, attention = model_that_knows(1)(torch.tensor([[7, 0, 0, 0, 8, 0, 0, 0], [9, 0, 0, 0, 10, 0, 0, 0]]))
        self.assertEqual(score[0].item(), score[1].item())
        self.assertEqual(opinion[0].item(), opinion[1].item())
        self.assertAlmostEqual(attention[0].sum().item(), 1.0, places=5)


class Negation(unittest.TestCase):
    def turned(self, text: str) -> list:
        """The units that negation turns."""
        found, cut = Collection(tokenizer(buckets=1 << 20)), tokenizer(buckets=1 << 20)
        found.add("few", [Row(text, 0.0), Row("one", 1.0)])
        texts, model, units = found.collected(), SentimentModel(SentimentShape(1 << 20, 16, 16, 16, 4, 2, 1)), cut.units(text)
        learn_words(model, texts, cut)
        *turned, next_text = texts.turns.tolist()
        self.assertEqual(next_text, 1.0)
        alone = model.turns(torch.tensor([[*cut.tokens(text), *[0] * SLOTS]]))  # as the graph reads it, with padding
        np.testing.assert_array_equal(alone[0, :-1], turned)
        return [unit for unit, factor in zip(units, turned, strict=True) if factor < 0]

    def test_a_negator_reaches_five_units(self):
        self.assertEqual(self.turned("it is not good"), ["good"])
        self.assertEqual(self.turned("never a very good friend of mine"), ["a", "very", "good", "friend", "of"])
        self.assertEqual(self.turned("good"), [])

    def test_pairs_of_words_negate_what_follows_both(self):
        self.assertEqual(self.turned("anything but good, far from cheap"), ["good", ",", "cheap"])
        self.assertEqual(self.turned("far and anything good but from me"), [])
        self.assertEqual(self.turned("not anything but good"), ["anything", "but"])
        self.assertEqual([self.turned(text) for text in ("anything but", "far", "not", "it is far from")], [[], [], [], []])

    def test_two_negators_are_none(self):
        self.assertEqual(self.turned("not without charm"), ["without"])
        self.assertEqual(self.turned("没有不好"), ["有", "不"])

    def test_a_sign_and_a_turn_of_speech_end_its_reach(self):
        self.assertEqual(self.turned("no, good"), [","])
        self.assertEqual(self.turned("not only good"), ["only"])
        self.assertEqual(self.turned("not cheap but good"), ["cheap", "but"])

    def test_negation_of_one_text_does_not_reach_the_next(self):
        found = Collection(tokenizer(buckets=1 << 20))
        found.add("few", [Row(text, label) for text, label in (("it is not", 0.0), ("good", 1.0), ("not good", 0.0))])
        texts, model = found.collected(), SentimentModel(SentimentShape(1 << 20, 16, 16, 16, 4, 2, 1))
        learn_words(model, texts, tokenizer(buckets=1 << 20))
        np.testing.assert_allclose(texts.turns, [1, 1, 1, 1, 1, TURNED], atol=1e-6)


class Targets(unittest.TestCase):
    def test_what_is_not_known_is_no_loss(self):
        logits, weights = torch.tensor([[2.0, 0.0], [0.0, 3.0]]), torch.ones(2)
        self.assertEqual(loss_of(logits, torch.full((2, 2), torch.nan), weights), 0)
        one = torch.tensor([[1.0, torch.nan], [torch.nan, torch.nan]])
        self.assertAlmostEqual(loss_of(logits, one, weights).item(), np.log1p(np.exp(-2)) / 2, places=5)
        self.assertAlmostEqual(loss_of(logits, one, 3 * weights).item(), 3 * np.log1p(np.exp(-2)) / 2, places=5)

    def test_neutral_texts_are_neither_right_nor_wrong(self):
        self.assertEqual(accuracy(np.array([[1.0, 0], [-1, 0], [-1, 0]]), np.array([[1.0, 1], [1, 1], [0.5, 1]])), 0.5)

    def test_the_sets_count_alike(self):
        logits, targets = np.ones((4, 2)), np.array([[1.0, 1]] * 3 + [[0.0, 1]])
        self.assertEqual(fair_accuracy(logits, targets, np.array([0, 0, 0, 1])), 0.5)


class Calibration(unittest.TestCase):
    def test_error_of_hand_computed_cases(self):
        self.assertAlmostEqual(calibration_error(np.array([0.8] * 5), np.array([1, 1, 1, 1, 0])), 0)
        self.assertAlmostEqual(calibration_error(np.array([0.9, 0.9, 0.1, 1.0]), np.array([1.0, 0, 0, 1])), (0.8 + 0.1) / 4)


if __name__ == "__main__":
    unittest.main()
