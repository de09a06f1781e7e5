"""Trainings that have not begun, of histories that a test writes."""

from dataclasses import replace

import numpy as np

from histories import histories_of
from profile_training.config.tiny import CONFIG
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import encode_histories
from profile_training.encoding.schema import hashed_schema, vocabulary_schema
from profile_training.loop.training import Training
from profile_training.model.factory import model_of


def training(users: dict, limit: float, **changes) -> Training:
    config = replace(CONFIG, batch=50, width=16, categories=3, **changes)
    if config.objective == "nearest-users":
        encoder = Encoder(*hashed_schema(config), 100)
    else:
        encoder = Encoder(*vocabulary_schema(config, histories_of(**users), {}), 100)
    data = encode_histories(histories_of(**users), {}, encoder)
    return Training(config, data, model_of(config, encoder.inputs), None, limit, np.random.default_rng(0))
