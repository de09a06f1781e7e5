"""What the package that ships says of kinds of texts; most of these are held out of its training."""

import random
import unittest

from here import ROOT
from profile_training.package.reader import read_json
from profile_training.sentiment.agreement import outputs_of
from profile_training.sentiment.generated.no_opinion import code
from profile_training.sentiment.generated.templates import common, filled, negations, split_of_piece, split_of_template
from profile_training.sentiment.package import load_sentiment
from profile_training.sentiment.split import TEST

SHIPPED = ROOT / "models/sentiment/5"


class Shipped(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.package, cls.least = load_sentiment(SHIPPED), read_json(SHIPPED, "manifest.json")["leastOpinion"]

    def share_of(self, texts: list, is_right) -> float:
        """The share of the texts whose (score, or None without an opinion) is right."""
        scores, opinions = outputs_of(*self.package, texts)
        return sum(is_right(score if opinion >= self.least else None) for score, opinion in zip(scores, opinions)) / len(texts)

    def test_numbers_codes_and_addresses_state_nothing(self):
        rng = random.Random(11)
        texts = [code(rng) for _ in range(300)] + [str(rng.randint(0, 10 ** rng.randint(1, 14))) for _ in range(100)]
        self.assertGreater(self.share_of(texts, lambda score: score is None), 0.9)

    def test_negations_of_common_words_turn_them(self):
        rng = random.Random(11)
        for praise in (True, False):
            texts = []
            for template, its in (pair for pair in negations() if pair[1] == praise):
                text, chosen = filled(template, rng)
                if {*chosen} <= common():
                    texts.append(text)
            self.assertGreater(self.share_of(texts, lambda score: score is not None and (score > 0) == praise), 0.9, praise)

    def test_words_that_were_never_negated_in_training_are_turned_too(self):
        rng, texts = random.Random(11), {True: [], False: []}
        for _ in range(6_000):
            template, praise = rng.choice(negations())
            text, chosen = filled(template, rng)
            if split_of_template(template, []) != TEST and any(split_of_piece(word) == TEST for word in chosen):
                texts[praise].append(text)
        for praise, some in texts.items():
            self.assertGreater(self.share_of(some, lambda score: score is not None and (score > 0) == praise), 0.6, praise)

    def test_what_is_okay_has_an_opinion_near_neutral_and_a_question_none(self):
        okay = ["it is okay", "It's ok.", "average", "so so", "nothing special", "neither good nor bad", "一般般", "马马虎虎"]
        self.assertGreaterEqual(self.share_of(okay, lambda score: score is not None and abs(score) < 0.6), 0.75)
        asked = ["what time do you open?", "Where is my parcel?", "How long is the cable?", "Do you ship to Norway?", "几点开门", "请问有货吗"]
        self.assertGreaterEqual(self.share_of(asked, lambda score: score is None), 0.8)


if __name__ == "__main__":
    unittest.main()
