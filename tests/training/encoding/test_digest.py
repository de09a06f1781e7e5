"""The digest by which a run knows whether it is resumed with the same data."""

import unittest

from profile_training.config.tiny import CONFIG
from profile_training.data.event import Event
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import vocabulary_schema


def digest_of(kind="view", value=None, categories=("a",), contents=None) -> str:
    histories = {"u": [Event("u", kind, f"i{n}", n * 1_000_000, categories, value) for n in range(4)]}
    inputs, vocabulary = vocabulary_schema(CONFIG, {"u": [Event("u", "view", f"i{n}", 0, ("a",)) for n in range(4)]}, {})
    inputs |= {"content": {"dimension": 2}} if contents else {}
    return encode_histories(histories, {}, Encoder(inputs, vocabulary, 100, contents)).digest()


class Digest(unittest.TestCase):
    def test_it_is_of_all_that_training_reads(self):
        self.assertEqual(digest_of(), digest_of())
        found = [digest_of(), digest_of(categories=("a", "b")), digest_of(kind="like"), digest_of(kind="dislike"),
                 *(digest_of(contents={"i1": cells}) for cells in ([1.0, 0.0], [0.0, 1.0])), digest_of(contents={"i2": [1.0, 0.0]})]
        self.assertEqual(len(set(found)), len(found))


if __name__ == "__main__":
    unittest.main()
