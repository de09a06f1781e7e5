"""The words, and pairs of words, that turn what is said after them into its opposite, and those that end their reach."""

import torch

from profile_training.sentiment.tokenizer import Tokenizer

REACH = 5      # units after a negator
TURNED = -0.7  # what a turned unit counts: a little less than its opposite
NEGATORS = (
    "not", "no", "never", "nothing", "none", "nobody", "neither", "nor", "without", "hardly", "barely", "lacks", "isn't", "wasn't",
    "aren't", "weren't", "don't", "doesn't", "didn't", "won't", "wouldn't", "haven't", "hasn't", "hadn't", "cannot", "ain't", "isnt",
    "wasnt", "dont", "doesnt", "didnt", "wont", "不", "没", "無", "无", "非", "别", "未", "沒", "tidak", "tak", "gak", "nggak", "ga", "bukan",
    "jangan", "tanpa", "kurang")
PAIRS = ("anything but", "far from")
ENDS = (".", ",", "!", "?", ";", ":", "。", "、", "but", "only", "although", "however", "但", "tapi", "namun", "tetapi")


def tokens_of(words: tuple, tokenizer: Tokenizer, slot: int = 0):
    return torch.tensor([int(tokenizer.tokens(word)[slot]) for word in words])


def turns(units, pairs, negators, negating_pairs, ends, far: int, turned: float):
    """Tokens of units, and of each with the next one, (B, N) -> (B, N) 1, or `turned` where an odd number of negators reaches the
    unit, each `far` units."""
    second = following(is_one_of(pairs, negating_pairs))  # of a pair, which negates: the "but" of "anything but" ends no reach
    negates, ended = (is_one_of(units, negators) + second).clamp(max=1.0), is_one_of(units, ends) * (1 - second)
    reach, turn = negates, torch.ones_like(negates)
    for _ in range(far):
        reach = following(reach * (1 - ended))
        turn = turn * (1 - 2 * reach)
    return torch.where(turn < 0, torch.full_like(turn, turned), turn)


def following(cells):
    """(B, N) each cell a unit further."""
    return torch.cat([torch.zeros_like(cells[:, :1]), cells[:, :-1]], dim=1)


def is_one_of(units, words):
    return (units.unsqueeze(2) == words).to(torch.float32).sum(dim=2).clamp(max=1.0)
