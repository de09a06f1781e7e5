"""The golden samples of a sentiment package: invented texts of all kinds that are hard for a tokenizer."""

import torch

from profile_training.sentiment.network import SentimentModel
from profile_training.sentiment.tokenizer import Tokenizer

TEXTS = (
    "I love this kettle, it boils in a minute.",
    "The zip broke on the second day. Never again.",
    "Not bad at all!",
    "It doesn't work, and nobody answers my letters.",
    "It doesn’t work, and nobody answers my letters.",
    "GREAT VALUE!!!!!! Would buy AGAIN",
    "ok",
    "Très déçu, la qualité est mauvaise.",
    "Отличный чайник, спасибо!",
    "这个水壶非常好用，一分钟就烧开了。",
    "拉链第二天就坏了，再也不买了！",
    "质量一般，没有想象中那么好。",
    "不是不好，就是有点小贵",
    "物流很快，包装完好，客服态度也不错，五星好评",
    "ＰＥＲＦＥＣＴ　ｆｉｔ！１２３",
    "可以。。。。。。。。",
    "哈哈哈哈哈哈 Nice 手机壳 case",
    "😀👍🏽 好 ❤️ love it",
    "𝓑𝓮𝓼𝓽 e\u0301clair, cafe\u0301 and café: ﬁne ½ price ㎏",
    "가격이 좋아요. すごく良い！ ｶﾞｯｶﾘ",
    "zero\u200bwidth\ufeff and\u00a0hard\u3000space\tand\nlines",
    "broken \ufffd character",
    "",
    "   \n\t ",
    "'",
    "a" * 300 + " " + "no " * 50,
    " ".join(f"word{n} fine" for n in range(120)),
    "这家店的水果不新鲜，" * 40 + "但是老板人很好。",
    "It looked nice in the picture; in the hand it is cheap plastic, and the lid does not close.",
    "手感不错，屏幕清晰，就是电池不太耐用。",
    "😡",
    "😍😍😍",
    "arrived 😡",
    "👍🏽👍",
    "☹️ ☺️",
    "couldn't be happier",
    "anything but good",
    "not anything but good, it is far from",
    "没有不好",
    "it is okay",
    "what time do you open?",
    "ужасно",
    "1234567",
    "AB-1234-XY https://example.com/a?b=1",
    "Nie wieder, die Lampe war nach zwei Tagen kaputt.",
)


@torch.no_grad()
def golden_samples(model: SentimentModel, tokenizer: Tokenizer) -> list:
    """{"text", "tokens", "score", "opinion"} of each; score and opinion of a text without tokens are 0."""
    samples = []
    for text in TEXTS:
        tokens = tokenizer.tokens(text)
        score, opinion = (x.item() for x in model(torch.from_numpy(tokens).unsqueeze(0))[:2]) if len(tokens) else (0.0, 0.0)
        samples.append({"text": text, "tokens": tokens.tolist(), "score": round(score, 7), "opinion": round(opinion, 7)})
    return samples
