"""A model's inputs: what the data has and the configuration names; and vocabularies that only grow."""

import contextlib
import io
import unittest
from dataclasses import replace

from profile_training.config.base import CONFIG
from profile_training.data.event import Event
from profile_training.encoding.schema import grown_schema, vocabulary_schema


def history(user, *events):
    return {user: [Event(user, kind, item, micros, categories, value) for kind, item, micros, categories, value in events]}


RICH = history("u", ("view", "a", 0, ("red",), 1.0), ("cart", "b", 5, ("blue",), 3.0), ("view", "c", 50, (), None))
ATTRIBUTES = {"u": {"age": 30, "sex": "f"}}


class Schema(unittest.TestCase):
    def test_an_input_that_says_nothing_in_the_data_is_none(self):
        same = (("view", item, n, (), 2.0) for n, item in enumerate("abc"))
        inputs, vocabulary = vocabulary_schema(CONFIG, history("u", *same), {})
        self.assertEqual({name for name in inputs if inputs[name] == {"encoding": "none"}}, {"kinds", "categories", "gaps", "values"})
        self.assertEqual(vocabulary["items"], {"a": 2, "b": 3, "c": 4})
        self.assertEqual(inputs["attributes"], [])

    def test_what_the_data_has_is_used_unless_the_configuration_leaves_it_out(self):
        inputs, _ = vocabulary_schema(CONFIG, RICH, ATTRIBUTES)
        self.assertEqual([inputs[name]["encoding"] for name in ("kinds", "categories", "gaps", "values")],
                         ["list", "vocabulary", "buckets", "linear"])
        self.assertEqual([a["encoding"] for a in inputs["attributes"]], ["buckets", "vocabulary"])
        inputs, vocabulary = vocabulary_schema(replace(CONFIG, inputs=("values",)), RICH, ATTRIBUTES)
        self.assertEqual([inputs[name]["encoding"] for name in ("kinds", "categories", "gaps", "values")],
                         ["none", "none", "none", "linear"])
        self.assertEqual((inputs["attributes"], vocabulary["categories"], vocabulary["attributes"]), ([], {}, {}))

    def test_truth_is_a_word_and_no_number(self):
        inputs, vocabulary = vocabulary_schema(CONFIG, RICH, {"u": {"member": True}, "v": {"member": False}})
        self.assertEqual(inputs["attributes"], [{"name": "member", "encoding": "vocabulary", "size": 2}])
        self.assertEqual(vocabulary["attributes"], {"member": {"false": 2, "true": 3}})

    def test_one_text_among_numbers_is_named(self):
        for values, said in (([31, 40, "n/a"], "attribute age: 2 of 3 values are numbers, the first other is 'n/a'; "), ([31, 40], ""),
                             (["a", "b", 3], "")):
            with contextlib.redirect_stderr(io.StringIO()) as found:
                vocabulary_schema(CONFIG, RICH, {f"u{n}": {"age": value} for n, value in enumerate(values)})
            self.assertTrue(found.getvalue().startswith(said) and bool(found.getvalue()) == bool(said), found.getvalue())

    def test_an_attribute_of_words_grows_by_numbers_alone(self):
        before, words = vocabulary_schema(CONFIG, RICH, {"u": {"code": "2A"}, "v": {"code": 12}})
        after, grown = grown_schema(before, words, RICH, {"w": {"code": 7}})
        self.assertEqual(grown["attributes"], {"code": {"12": 2, "2A": 3, "7": 4}})
        self.assertEqual(after["attributes"][0]["size"], 3)

    def test_vocabularies_grow_at_the_end_and_the_rest_stays(self):
        before, words = vocabulary_schema(CONFIG, RICH, ATTRIBUTES)
        more = history("v", ("view", "z", 0, ("green",), 900.0), ("view", "a", 9, ("red",), 1.0))
        after, grown = grown_schema(before, words, more, {"v": {"age": 99, "sex": "m", "new": "attribute"}})
        self.assertEqual(grown["items"], {"a": 2, "b": 3, "c": 4, "z": 5})
        self.assertEqual(grown["categories"], {"red": 2, "blue": 3, "green": 4})
        self.assertEqual(grown["attributes"], {"sex": {"f": 2, "m": 3}})
        self.assertEqual((after["items"]["size"], after["categories"]["size"], after["attributes"][1]["size"]), (4, 3, 2))
        for name in ("values", "gaps"):
            self.assertEqual(after[name], before[name])
        self.assertEqual(after["attributes"][0], before["attributes"][0])


if __name__ == "__main__":
    unittest.main()
