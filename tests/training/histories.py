"""Histories that a test writes as letters: an item each."""

from profile_training.config.tiny import CONFIG
from profile_training.data.event import Event
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import vocabulary_schema


def histories_of(**items):
    """A user each, whose events are the items in the given order."""
    return {user: [Event(user, "view", item, n * 1_000_000) for n, item in enumerate(letters)]
            for user, letters in items.items()}


def data_of(**items):
    histories = histories_of(**items)
    return encode_histories(histories, {}, Encoder(*vocabulary_schema(CONFIG, histories, {}), 100))
