"""Which units and beginnings of words are known: those that training texts have often enough, and the words of lexicons,
but no numbers."""

import numpy as np
import torch

from profile_training.sentiment.negators import ENDS, NEGATORS, PAIRS, tokens_of
from profile_training.sentiment.network import SentimentModel
from profile_training.sentiment.texts import Texts
from profile_training.sentiment.tokenizer import SLOTS, WHOLE, Tokenizer

LEAST = 2                         # texts
INVENTED = ("codes", "foreign")   # sets whose words are to stay unknown


def learn_words(model: SentimentModel, texts: Texts, tokenizer: Tokenizer) -> int:
    """Tells the model which tokens are known and which negate, and leaves of the tokens of all texts those that are known -> how
    many are."""
    invented = [n for n, name in enumerate(texts.names) if name in INVENTED]
    rows = np.flatnonzero((texts.splits == 0) & ~np.isin(texts.sets, invented))
    of_text = np.repeat(np.arange(len(texts.sets)), np.diff(texts.starts))
    slot = np.arange(len(texts.tokens)) % SLOTS
    counted = np.isin(of_text, rows) & np.isin(slot, WHOLE) & (texts.tokens > 0)
    pairs = np.unique((of_text[counted].astype(np.int64) << 32) + texts.tokens[counted])
    often = np.bincount(pairs & 0xFFFFFFFF, minlength=1 + model.shape.hashes)[1:] >= LEAST
    listed = np.isin(of_text, np.flatnonzero(np.isin(texts.sets, [texts.names.index(name) for name in texts.lexicons]))) & (slot == 0)
    often[texts.tokens[listed] - 1] = True
    often[texts.numbers - 1] = False
    model.known.data = torch.from_numpy(np.packbits(often, bitorder="little"))
    model.negators.data, model.ends.data = tokens_of(NEGATORS, tokenizer), tokens_of(ENDS, tokenizer)
    model.negating_pairs.data = tokens_of(PAIRS, tokenizer, slot=1)
    tokens = torch.from_numpy(texts.tokens.astype(np.int64)).unsqueeze(0)
    texts.turns = turns_of(model, texts)
    texts.tokens = model.recognised(tokens).squeeze(0).numpy().astype(np.int32)
    return int(often.sum())


def turns_of(model: SentimentModel, texts: Texts) -> np.ndarray:
    """(T) of the units of all texts. Between two texts there is room for the reach of the first one's negators."""
    of_text = np.repeat(np.arange(len(texts.sets)), texts.lengths())
    place = np.arange(len(of_text)) + of_text * model.shape.reach
    tokens = np.zeros((place[-1] + 1, SLOTS), np.int64)
    tokens[place] = texts.tokens.reshape(-1, SLOTS)
    return model.turns(torch.from_numpy(tokens.reshape(1, -1))).squeeze(0).numpy()[place]
