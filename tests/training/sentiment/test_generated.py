"""Invented texts: what they claim, and what is held out of them."""

import random
import unittest

from profile_training.sentiment.emoji import Emoji
from profile_training.sentiment.generated.emoji_texts import with_emoji
from profile_training.sentiment.generated.long_texts import long_texts
from profile_training.sentiment.generated.made import invented
from profile_training.sentiment.generated.no_opinion import facts
from profile_training.sentiment.generated.templates import SLOT, common, filled, negations, sections, split_of_template, templates_of, words
from profile_training.sentiment.split import TEST, TRAIN


class Templates(unittest.TestCase):
    def test_every_slot_has_words(self):
        templates = [*(t for name in ("praise", "blame", "neutral", "fact") for t in sections()[name]), *(t for t, _ in negations())]
        for slot in {slot for template in templates for slot in SLOT.findall(template)} - {"number"}:
            self.assertGreater(len(words(slot)), 10, slot)

    def test_no_word_and_no_template_is_of_two_tones(self):
        for one, other in (("good", "bad"), ("better", "worse"), ("好", "坏")):
            self.assertFalse({*words(one)} & {*words(other)})
        self.assertFalse({*sections()["praise"]} & {*sections()["blame"]})
        self.assertEqual(len({template for template, _ in negations()}), len(negations()))

    def test_templates_and_words_are_held_out(self):
        rng = random.Random(1)
        held_out = [template for template, _ in negations() if split_of_template(template, []) == TEST]
        self.assertGreater(len(held_out), 3)
        for template in held_out:
            self.assertEqual(split_of_template(template, filled(template, rng)[1]), TEST)
        self.assertTrue(any(split_of_template("", [word]) == TEST for word in words("bad")))
        self.assertFalse(any(split_of_template(piece, []) for piece in common()))

    def test_templates_that_differ_in_the_tone_of_their_words_alone_are_held_out_together(self):
        both = [template for template, _ in negations() if "{good}" in template]
        self.assertGreater(len({split_of_template(template, []) for template in both}), 1)
        for template in both:
            self.assertEqual(split_of_template(template, []), split_of_template(template.replace("{good}", "{bad}"), []), template)

    def test_a_fact_alone_is_held_out_with_its_template(self):
        held_out = {template for template in sections()["fact"] if split_of_template(template, []) == TEST}
        made = [facts(random.Random(n)) for n in range(3_000)]
        found = [text for text in made if text.text.rstrip(".?!") in held_out]  # those without a word to fill in
        self.assertGreater(len(found), 3)
        self.assertEqual({text.split for text in found}, {TEST})

    def test_long_texts_and_those_with_emoji_have_templates_of_their_own_part(self):
        phrases, glad = {True: ["yes"], False: ["no"]}, Emoji("😀", 0.9, 1.0, True)
        for split, other in ((TRAIN, TEST), (TEST, TRAIN)):
            long, with_it = long_texts(phrases, split, random.Random(1), 0.2), with_emoji([glad], phrases, split, random.Random(1), 0.2)
            for texts, section in ((long, "fact"), (long, "story"), (with_it, "fact")):
                self.assertTrue(any(template in text.text for text in texts for template in found_whole(section, split)))
                self.assertFalse([template for text in texts for template in found_whole(section, other) if template in text.text])

    def test_long_texts_of_either_tone_tell_stories(self):
        made = long_texts({True: ["yes"], False: ["no"]}, TRAIN, random.Random(1), 0.2)
        told = {tone: sum(story in text.text for text in made if text.label == tone for story in found_whole("story", TRAIN))
                for tone in (0.0, 1.0)}
        self.assertGreater(min(told.values()), 1_000)
        self.assertLess(max(told.values()), 1.1 * min(told.values()))


def found_whole(section: str, split: int) -> list:
    """The templates of a split without a word to fill in, of which no other is a piece."""
    every = sections()["fact"] + sections()["story"]
    return [template for template in templates_of(section, split) if "{" not in template and sum(template in other for other in every) == 1]


class Made(unittest.TestCase):
    def setUp(self):
        self.made = invented([], random.Random(1), 0.02)

    def test_what_states_nothing_is_neither_praise_nor_blame(self):
        for name, texts in self.made.items():
            states = name not in ("facts", "codes", "foreign")
            self.assertEqual({t.opinion for t in texts}, {float(states)}, name)
            self.assertTrue(states or all(t.label == 0.5 for t in texts), name)

    def test_praise_blame_and_lukewarm(self):
        for name in ("goods", "negations", "long"):
            self.assertEqual({t.label for t in self.made[name]}, {0.0, 1.0}, name)
        self.assertEqual({t.label for t in self.made["lukewarm"]}, {0.5})

    def test_a_long_text_is_of_phrases_of_its_part_most_of_them_of_its_tone(self):
        phrases = {True: ["yes yes"], False: ["no no"]}
        for text in long_texts(phrases, TEST, random.Random(1), 0.05):
            glad, sad = text.text.count("yes yes"), text.text.count("no no")
            self.assertTrue(glad + sad >= 3 and text.split == TEST)
        self.assertEqual(long_texts({True: [], False: ["no"]}, TEST, random.Random(1), 1), [])


if __name__ == "__main__":
    unittest.main()
