"""Figures at one moment, and masks of the window alone, by hand."""

import unittest

import torch

from histories import histories_of
from profile_training.config.tiny import CONFIG
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import vocabulary_schema
from profile_training.encoding.window_rules import WindowRules
from profile_training.evaluation.clock import clocked, held_out_at, popularity_at
from profile_training.evaluation.leave_one_out import held_out
from profile_training.evaluation.ranking import ranks


def data_of(rules: WindowRules, **items):
    """Events a second apart."""
    histories = histories_of(**items)
    return encode_histories(histories, {}, Encoder(*vocabulary_schema(CONFIG, histories, {}), 100), rules)


class Clock(unittest.TestCase):
    def test_the_target_is_the_first_later_item_that_the_window_lacks(self):
        data = clocked(data_of(WindowRules(2), again="abccbax", late="abc", early="", one="ax", same="aaaaa"))
        self.assertEqual(held_out_at(data, 2_000_000), ([0], [3], [5]))  # the window is bc: the a that came before is new
        self.assertEqual(held_out_at(data, 0), ([0, 1, 3], [1, 1, 1], [1, 1, 1]))
        self.assertEqual(held_out_at(data, -1), ([], [], []))

    def test_popularity_counts_users_up_to_the_moment(self):
        data = data_of(WindowRules(100), u="abz", v="aab", w="bcz")
        words = [int(data.ids(0)[n]) for n in (0, 1, 2)]
        self.assertEqual(popularity_at(data, 1_000_000)[words].tolist(), [2, 2, 0])

    def test_ranks_mask_the_window_alone_where_the_rules_say_so(self):
        for mask, place in (("history", 0), ("window", 2)):
            data = data_of(WindowRules(2, mask=mask), u="abcdx")
            scores = torch.zeros(1, data.item_count)
            scores[0, data.ids(0)[4]] = 1.0
            scores[0, data.ids(0)[:4]] = 2.0
            self.assertEqual(ranks(lambda first, last: scores, data, [0], [4]).tolist(), [place], mask)

    def test_an_item_that_the_window_has_forgotten_is_a_target_where_the_window_is_masked(self):
        items = {"u": "abca", "v": "abcb"}
        self.assertEqual(held_out(data_of(WindowRules(2), **items), "test"), ([], []))
        self.assertEqual(held_out(data_of(WindowRules(2, mask="window"), **items), "test"), ([0], [3]))
        self.assertEqual(held_out(data_of(WindowRules(9, 1 / 86_400, "window"), **items), "test"), ([0], [3]))


if __name__ == "__main__":
    unittest.main()
