"""The encodings of docs/model-package.md against values worked out by hand (hashes: by an independent C program)."""

import json
import math
import unittest

import numpy as np

from here import ROOT
from profile_training.data.event import Event
from profile_training.encoding.encoder import UNKNOWN, Encoder, number_of, size_of, text_of
from profile_training.encoding.hashing import hash64
from profile_training.encoding.histories import encode_histories

INPUTS = {
    "items": {"encoding": "vocabulary", "size": 2},
    "kinds": {"encoding": "list", "values": ["view", "cart"]},
    "categories": {"encoding": "hash", "buckets": 64},
    "gaps": {"encoding": "buckets", "bounds": [1, 60, 3600]},
    "values": {"encoding": "signedLog", "scale": 2.0},
    "attributes": [{"name": "age", "encoding": "buckets", "bounds": [18, 30]},
                   {"name": "gender", "encoding": "vocabulary", "size": 1}],
}
VOCABULARY = {"items": {"a": 2, "b": 3}, "attributes": {"gender": {"F": 2}}}


def event(second: float, kind="view", item="a", categories=(), value=None):
    return Event("u", kind, item, int(second * 1e6), categories, value)


class Hashing(unittest.TestCase):
    def test_hashes_are_those_of_the_independent_program(self):
        for text, expected in {"": 0xEFD01F60BA992926, "a": 0x82A2A958A9BECE5B, "foobar": 0x2C22194922D1672B,
                               "sku-9": 0xC9E7DEEF4E9F5EE6, "Zürich": 0x24B22821293C05D0, "漢字": 0x39DD59062C7210FE,
                               "😀 é": 0xD388ACFFCED564E6}.items():
            self.assertEqual(hash64(text), expected, text)


class Texts(unittest.TestCase):
    def test_number_has_one_text_however_it_was_written(self):
        for value, expected in ((34, "34"), (34.0, "34"), (31.50, "31.5"), (True, "true"), (1e-5, "1e-05"), (1e20, "1e+20"),
                                (9007199254740993, "9007199254740992"), (-36028797018963968, "-36028797018963970"),
                                (123456789012345678, "1.2345678901234568e+17"), (-0.0, "0"), (-0.25, "-0.25"), ("34.0", "34.0")):
            self.assertEqual(text_of(value), expected)


class Numbers(unittest.TestCase):
    def test_a_text_is_the_number_that_the_table_says(self):
        lines = (ROOT / "tests" / "numbers.tsv").read_text("utf-8").splitlines()
        encoder = Encoder(INPUTS, VOCABULARY, max_events=4)
        for line in lines:
            if line.startswith("#"):
                continue
            text, expected = line.split("\t")
            with self.subTest(text):
                number = number_of(json.loads(text))
                if expected == "unknown":
                    self.assertTrue(not math.isfinite(number))
                    self.assertEqual(encoder.index({"encoding": "buckets", "bounds": [0]}, {}, json.loads(text)), UNKNOWN)
                else:
                    self.assertEqual(number, float(expected))
        self.assertGreater(len(lines), 50)

    def test_what_is_no_text_is_its_number_or_none(self):
        for value, expected in ((30, 30.0), (0.5, 0.5), (np.float64(2.5), 2.5)):
            self.assertEqual(number_of(value), expected)
        for value in (True, False, None, [], 10 ** 400):
            self.assertTrue(math.isnan(number_of(value)), value)


class Encoding(unittest.TestCase):
    def setUp(self):
        self.encoder = Encoder(INPUTS, VOCABULARY, max_events=4)

    def test_a_window_is_encoded_as_by_hand(self):
        events = [event(0, value=59.9), event(0.999, "cart", "b", ("foobar", "x")),
                  event(1.999, "share", "c", ("漢字",), -3.0)]
        inputs = self.encoder.window(events, {"age": 18, "gender": "F"})
        self.assertEqual(inputs["items"], [2, 3, 1])
        self.assertEqual(inputs["kinds"], [2, 3, 1])
        self.assertEqual(inputs["categories"], [1, 2 + 43, 2 + 62])  # the first category counts
        self.assertEqual(inputs["gaps"], [1, 2, 3])                  # first event; under 1 s; exactly 1 s
        self.assertEqual(inputs["attributes"], [3, 2])
        for got, expected in zip(inputs["values"], [math.log(60.9) / 2, 0.0, -math.log(4) / 2]):
            self.assertAlmostEqual(got, expected, places=6)

    def test_an_attribute_is_padding_when_not_given_and_unknown_when_not_in_the_vocabulary(self):
        self.assertEqual(self.encoder.attributes({}), [0, 0])
        self.assertEqual(self.encoder.attributes({"gender": "X", "age": 99, "other": 1}), [4, 1])
        self.assertEqual([self.encoder.attributes({"age": age})[0] for age in ("thirty", "30", 17.9, "inf")], [1, 4, 2, 1])

    def test_true_is_not_one(self):
        encoder = Encoder({**INPUTS, "attributes": [{"name": "member", "encoding": "hash", "buckets": 64}]}, VOCABULARY, 4)
        found = [encoder.attributes({"member": value})[0] for value in (1, True, 1.0, "true")]
        self.assertEqual(found, [2 + hash64(text) % 64 for text in ("1", "true", "1", "true")])

    def test_of_an_overfull_window_the_newest_events_are_encoded_and_the_first_of_them_has_no_gap(self):
        inputs = self.encoder.window([event(100 * n, item="ab"[n % 2]) for n in range(7)], {})
        self.assertEqual(inputs["items"], [3, 2, 3, 2])
        self.assertEqual(inputs["gaps"], [1, 4, 4, 4])

    def test_an_input_that_is_none_is_zero_throughout(self):
        none = {"encoding": "none"}
        encoder = Encoder({**INPUTS, "kinds": none, "categories": none, "gaps": none, "values": none}, VOCABULARY, 4)
        inputs = encoder.window([event(0, value=5.0), event(9, "cart", "b", ("x",), 1.0)], {})
        self.assertEqual([inputs[name] for name in ("items", "kinds", "categories", "gaps", "values")],
                         [[2, 3], [0, 0], [0, 0], [0, 0], [0.0, 0.0]])
        self.assertEqual(size_of(none), 0)

    def test_the_time_is_the_day_and_the_hour_of_the_newest_event_alone_and_in_a_batch(self):
        encoder = Encoder({**INPUTS, "time": {"encoding": "dayAndHour", "offset": 1.0, "scale": 2.0}}, VOCABULARY, 100)
        day = 86_400
        for second, expected in ((1.5 * day, [0.25, 0.5]), (0.75 * day, [-0.125, 0.75]), (-0.25 * day, [-0.625, 0.75]),
                                 (100 * day, [10.0, 0.0])):
            with self.subTest(second):
                events = [event(second - 60), event(second)]
                self.assertEqual(encoder.window(events, {})["time"], expected)
                data = encode_histories({"u": [*events, event(second + day)]}, {}, encoder)
                self.assertEqual(data.batch([0, 0], [2, 3])["time"][0].tolist(), expected)
        self.assertEqual(encoder.window([], {})["time"], [0.0, 0.0])

    def test_values_are_clipped_to_ten(self):
        self.assertEqual([self.encoder.value(v) for v in (1e30, -1e30)], [10.0, -10.0])
        linear = Encoder({**INPUTS, "values": {"encoding": "linear", "offset": 3.0, "scale": 0.5}}, {}, 4)
        self.assertEqual([linear.value(v) for v in (4.0, 3.0, 0.5, 100, None)], [2.0, 0.0, -5.0, 10.0, 0.0])

    def test_a_table_has_a_row_for_every_index(self):
        self.assertEqual([size_of(INPUTS[name]) for name in ("items", "kinds", "categories", "gaps")], [4, 4, 66, 6])


if __name__ == "__main__":
    unittest.main()
