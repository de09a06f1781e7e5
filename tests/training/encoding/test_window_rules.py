"""Windows by the rules that the service has: how many events, and how old beside the newest."""

import argparse
import unittest

import numpy as np

from encoding.test_encoder import INPUTS, VOCABULARY, event
from profile_training.commands import evaluate
from profile_training.commands.window_arguments import days, events
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.window_rules import WindowRules

DAY_SECONDS = 86_400
TIMES = [0, 1 * DAY_SECONDS, 1 * DAY_SECONDS, 5 * DAY_SECONDS, 8 * DAY_SECONDS, 8.5 * DAY_SECONDS, 30 * DAY_SECONDS]


def by_hand(history, rules: WindowRules):
    """The newest events, one by one as they come, as semantics.md has it."""
    window = []
    for e in history:
        window = [*window, e][-rules.max_events:]
        window = [old for old in window if not rules.max_age_days or e.micros - old.micros <= rules.max_age_days * DAY_SECONDS * 1e6]
    return window


class Windows(unittest.TestCase):
    def test_windows_are_those_of_the_service_alone_and_in_a_batch(self):
        history = [event(second, item="ab"[n % 2], value=float(n)) for n, second in enumerate(TIMES)]
        other = [event(second, item="b") for second in TIMES[:3]]
        for rules in (WindowRules(4), WindowRules(100, 3.5), WindowRules(100, 4), WindowRules(2, 3), WindowRules(100, 0),
                      WindowRules(100, None), WindowRules(1, 1)):
            encoder = Encoder(INPUTS, VOCABULARY, max_events=4)
            data = encode_histories({"u": history, "v": other}, {}, encoder, rules)
            rows, ends = [0] * 7 + [1, 1], [*range(1, 8), 0, 2]
            batch = data.windows(rows, ends)
            for number, (row, end) in enumerate(zip(rows, ends)):
                with self.subTest(f"{rules}, the first {end} of {row}"):
                    window = by_hand((history, other)[row][:end], rules)
                    expected = encoder.window(window, {})
                    length = len(expected["items"])
                    self.assertEqual(int(data.first(row, end)), end - len(window))
                    self.assertEqual(int(data.first_read(row, end)), end - length)
                    for name in ("items", "kinds", "categories", "gaps", "values"):
                        cells = batch[name][number].tolist()
                        np.testing.assert_allclose(cells[len(cells) - length:], expected[name], atol=1e-6)
                        self.assertFalse(any(cells[:len(cells) - length]))

    def test_without_rules_a_window_has_all_that_the_model_reads(self):
        history = [event(second) for second in TIMES]
        data = encode_histories({"u": history}, {}, Encoder(INPUTS, VOCABULARY, max_events=4))
        self.assertEqual(data.first([0, 0], [7, 3]).tolist(), [3, 0])
        self.assertEqual(data.rules, WindowRules(4))

    def test_a_manifest_keeps_the_rules(self):
        for rules in (WindowRules(100, 90, "window"), WindowRules(7, 0), WindowRules(7, None)):
            self.assertEqual(WindowRules.of({"windowRules": rules.manifest()}, 55), rules)
        self.assertEqual(WindowRules.of({}, 55), WindowRules(55, 0, "history"))
        self.assertEqual(WindowRules(7, None).manifest(), {"maxEvents": 7, "mask": "history"})

    def test_what_a_package_does_not_state_is_all_that_it_reads_or_at_a_moment_the_services(self):
        for given, stated, rules in (
                ([], {}, WindowRules(55, 0)), (["--clock", "2026-11-01"], {}, WindowRules(100, 90)),
                (["--clock", "2026-11-01", "--max-events", "9"], {}, WindowRules(9, 90)),
                (["--clock", "2026-11-01"], {"windowRules": {"maxEvents": 7}}, WindowRules(7, None))):
            args = evaluate.parsed(["--package", "p", "--data", "events:e", *given])
            self.assertEqual(evaluate.rules_of(args, stated, 55), rules, given)

    def test_rules_that_no_service_can_have_are_refused(self):
        self.assertEqual((days("90"), days("0.5"), events("100")), (90, 0.5, 100))
        for check, text in ((days, "-1"), (days, "inf"), (days, "nan"), (events, "0"), (events, "1e3"), (events, "10001")):
            with self.subTest(text), self.assertRaises(argparse.ArgumentTypeError):
                check(text)


if __name__ == "__main__":
    unittest.main()
