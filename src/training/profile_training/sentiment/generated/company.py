"""Texts that are put together of others: long ones of many phrases, and emoji alone and in company."""

from profile_training.sentiment.emoji import is_clear, opinion_of
from profile_training.sentiment.generated.opinions import BETWEEN
from profile_training.sentiment.generated.silence import code, sentence, word_of_latin, word_of_script
from profile_training.sentiment.generated.templates import Made, filled, templates_of
from profile_training.sentiment.split import TEST, TRAIN, VALID

LONG = {TRAIN: 20_000, VALID: 1_000, TEST: 2_000}  # texts by part
FILLERS = {"fact": 0.2, "story": 0.6}  # chances that a phrase is followed by one
EMOJI_TEXTS, ALONE = 24_000, 4  # texts in company, times that each emoji stands alone
MOST_AGAINST = 0.35             # share of phrases against the tone of a long text


def long_texts(phrases: dict, part: int, rng, share: float) -> list:
    """`phrases` has texts of one part by tone. A long text has 3 to 16 of them, most of one tone. Facts and stories stand between them,
    with either tone equally often, so that the model learns to make nothing of them."""
    made = []
    for n in range(round(LONG[part] * share) if all(phrases.values()) else 0):
        praise, against = n % 2 == 0, rng.uniform(0, MOST_AGAINST)
        pieces = []
        for _ in range(rng.randint(3, 16)):
            tone = praise if rng.random() >= against else not praise
            pieces.append(rng.choice(phrases[tone]))
            for section, chance in FILLERS.items():
                if rng.random() < chance:
                    pieces.append(filled(rng.choice(templates_of(section, part)), rng)[0])
        made.append(Made("".join(piece + rng.choice(BETWEEN) for piece in pieces), float(praise), 1.0, part))
    return made


def with_emoji(emoji: list, phrases: dict, part: int, rng, share: float) -> list:
    """Emoji alone and repeated; beside facts, codes and foreign words, where only the emoji states an opinion; and beside phrases of
    their tone."""
    made = [alone(rng.choice((1, 1, 2, 3, 4)), e, part) for e in emoji for _ in range(ALONE if part == TRAIN else 1)]
    stating = [e for e in emoji if opinion_of(e)]
    for _ in range(round(share * (EMOJI_TEXTS if part == TRAIN else EMOJI_TEXTS // 20))):
        e = rng.choice(stating)
        beside = rng.random()
        if beside < 0.25 and is_clear(e.label) and all(phrases.values()):
            praise = e.label > 0.5
            made.append(Made(with_company(rng.choice(phrases[praise]), e, rng), float(praise), 1.0, part))
        elif beside < 0.4:
            same = rng.choice([other for other in stating if (other.label > 0.5) == (e.label > 0.5)])
            made.append(Made(e.character + rng.choice(("", " ")) + same.character, (e.label + same.label) / 2, 1.0, part))
        else:
            made.append(Made(with_company(silence(part, rng), e, rng), e.label, 1.0, part))
    return made


def alone(times: int, e, part: int) -> Made:
    return Made(e.character * times, e.label if opinion_of(e) else None, float(opinion_of(e)), part)


def with_company(text: str, e, rng) -> str:
    emoji = e.character * rng.choice((1, 1, 2, 3))
    return rng.choice((f"{text} {emoji}", f"{text}{emoji}", f"{emoji} {text}", f"{text}! {emoji}"))


def silence(part: int, rng) -> str:
    kind = rng.random()
    if kind < 0.6:
        return filled(rng.choice(templates_of("fact", part)), rng)[0]
    return code(rng) if kind < 0.7 else " ".join(sentence(rng, rng.choice((word_of_script, word_of_latin))).split()[:rng.randint(1, 5)])
