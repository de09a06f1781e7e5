"""Golden samples are of real events and of nobody's history."""

import unittest

from histories import histories_of
from profile_training.package.golden import STRANGERS, golden_windows

USERS = {f"u{n}": chr(ord("a") + n) * 9 for n in range(20)}  # each with an item of its own


class Golden(unittest.TestCase):
    def test_events_that_follow_each_other_are_of_different_users(self):
        windows = golden_windows(histories_of(**USERS), {}, 100)
        self.assertGreaterEqual(len(windows), 20)
        self.assertLessEqual({1, 2, 100, 130}, {len(events) for events, _ in windows})
        for events, _ in windows:
            known = [event.item for event in events if event.item not in STRANGERS]
            self.assertTrue(all(one != other for one, other in zip(known, known[1:])))
            self.assertEqual({event.id for event in events} & set(USERS), set())

    def test_attributes_of_a_sample_are_of_different_users(self):
        attributes = {f"u{n}": {"age": n, "town": n, "name": n} for n in range(20)}
        for _, given in golden_windows(histories_of(**USERS), attributes, 100):
            values = [value for name, value in given.items() if name in attributes["u0"]]
            self.assertEqual(len(set(values)), len(values), given)


if __name__ == "__main__":
    unittest.main()
