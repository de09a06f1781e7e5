"""The words that turn what is said after them into its opposite, and those that end their reach."""

import torch

from profile_training.sentiment.tokenizer import Tokenizer

REACH = 3      # units after a negator
TURNED = -0.7  # what a turned unit counts: a little less than its opposite
NEGATORS = (
    "not", "no", "never", "nothing", "none", "nobody", "neither", "nor", "without", "hardly", "barely", "lacks", "isn't", "wasn't",
    "aren't", "weren't", "don't", "doesn't", "didn't", "won't", "wouldn't", "haven't", "hasn't", "hadn't", "cannot", "ain't", "isnt",
    "wasnt", "dont", "doesnt", "didnt", "wont", "不", "没", "無", "无", "非", "别", "未", "沒", "tidak", "tak", "gak", "nggak", "ga", "bukan",
    "jangan", "tanpa", "kurang")
ENDS = (".", ",", "!", "?", ";", ":", "。", "、", "but", "only", "although", "however", "但", "tapi", "namun", "tetapi")


def tokens_of(words: tuple, tokenizer: Tokenizer):
    return torch.tensor([int(tokenizer.tokens(word)[0]) for word in words])


def turns(units, negators, ends):
    """Tokens of units (B, N) -> (B, N) 1, or what a unit counts that an odd number of negators reaches."""
    negates, ended = is_one_of(units, negators), is_one_of(units, ends)
    reach, turn = negates, torch.ones_like(negates)
    for _ in range(REACH):
        reach = torch.cat([torch.zeros_like(reach[:, :1]), (reach * (1 - ended))[:, :-1]], dim=1)  # a unit further
        turn = turn * (1 - 2 * reach)
    return torch.where(turn < 0, torch.full_like(turn, TURNED), turn)


def is_one_of(units, words):
    return (units.unsqueeze(2) == words).to(torch.float32).sum(dim=2).clamp(max=1.0)
