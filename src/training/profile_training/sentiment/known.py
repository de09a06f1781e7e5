"""Which units and beginnings of words are known: those that training texts have often enough."""

import numpy as np
import torch

from profile_training.sentiment.network import SentimentModel
from profile_training.sentiment.texts import Texts
from profile_training.sentiment.tokenizer import SLOTS

LEAST = 2                         # texts
INVENTED = ("codes", "foreign")   # sets whose words are to stay unknown
BITS = (0, 3)                     # slots of the unit and of its beginning


def learn_known(model: SentimentModel, texts: Texts) -> int:
    """Sets the bits of known tokens, and turns the tokens of all texts into rows of the model's tables -> how many are known."""
    invented = [n for n, name in enumerate(texts.names) if name in INVENTED]
    rows = np.flatnonzero((texts.parts == 0) & ~np.isin(texts.sets, invented))
    of_text = np.repeat(np.arange(len(texts.sets)), np.diff(texts.starts))
    counted = np.isin(of_text, rows) & np.isin(np.arange(len(texts.tokens)) % SLOTS, BITS) & (texts.tokens > 0)
    pairs = np.unique((of_text[counted].astype(np.int64) << 32) + texts.tokens[counted])
    often = np.bincount(pairs & 0xFFFFFFFF, minlength=1 + model.shape.hashes)[1:] >= LEAST
    model.known.data = torch.from_numpy(np.packbits(often, bitorder="little"))
    texts.tokens = model.rows(torch.from_numpy(texts.tokens.astype(np.int64)).unsqueeze(0)).squeeze(0).numpy().astype(np.int32)
    return int(often.sum())
