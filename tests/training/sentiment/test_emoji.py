"""What counts and names say of emoji."""

import unittest

import numpy as np

from profile_training.sentiment.emoji import emoji_of, opinion_of

GLAD, SAD = "😀😁😃😄😍😘", "😡😠😢😭😞😟"


def counts() -> dict:
    """Of glad and of sad faces, of a box that is neither, and of a rare one against its kind."""
    found = {c: np.array([10.0, 20.0, 170.0]) for c in GLAD} | {c: np.array([120.0, 30.0, 50.0]) for c in SAD}
    return found | {"📦": np.array([2.0, 190.0, 8.0]), "😊": np.array([3.0, 1.0, 1.0])}


class Emoji(unittest.TestCase):
    def setUp(self):
        self.found = {e.character: e for e in emoji_of(counts(), held_out="😃😞")}

    def test_counted_ones_have_the_sign_of_their_counts(self):
        for c in GLAD:
            self.assertGreater(self.found[c].label, 0.7)
        for c in SAD:
            self.assertLess(self.found[c].label, 0.4)

    def test_counts_that_are_held_out_are_not_used_and_the_name_speaks(self):
        self.assertFalse(self.found["😃"].known or self.found["😞"].known)
        self.assertTrue(opinion_of(self.found["😃"]) and opinion_of(self.found["😞"]))

    def test_few_counts_do_not_outweigh_the_name(self):
        self.assertGreater(self.found["😊"].label, 0.6)

    def test_emoji_that_the_counts_lack_go_by_their_names(self):
        for c in "🥰🤩🤣🥳":
            self.assertTrue(opinion_of(self.found[c]) and self.found[c].label > 0.6, c)
        for c in "🤬🤮🤢🥺":
            self.assertTrue(opinion_of(self.found[c]) and self.found[c].label < 0.45, c)

    def test_a_thing_states_nothing(self):
        self.assertFalse(opinion_of(self.found["📦"]))
        self.assertFalse(opinion_of(self.found["🚌"]))


if __name__ == "__main__":
    unittest.main()
