"""Emoji alone, and beside other texts."""

from profile_training.sentiment.emoji import is_clear, opinion_of
from profile_training.sentiment.generated.no_opinion import code, sentence, word_of_latin, word_of_script
from profile_training.sentiment.generated.templates import Made, filled, templates_of
from profile_training.sentiment.split import TRAIN

BESIDE = 24_000  # texts of training in which an emoji stands beside something else
ALONE = 4        # texts of training in which each emoji stands alone


def with_emoji(emoji: list, phrases: dict, split: int, rng, share: float) -> list:
    """Emoji alone and repeated; beside facts, codes and foreign words, where only the emoji states an opinion; and beside phrases of
    their tone."""
    made = [alone(rng.choice((1, 1, 2, 3, 4)), e, split) for e in emoji for _ in range(ALONE if split == TRAIN else 1)]
    stating = [e for e in emoji if opinion_of(e)]
    for _ in range(round(share * (BESIDE if split == TRAIN else BESIDE // 20))):
        e = rng.choice(stating)
        beside = rng.random()
        if beside < 0.25 and is_clear(e.label) and all(phrases.values()):
            praise = e.label > 0.5
            made.append(Made(text_and_emoji(rng.choice(phrases[praise]), e, rng), float(praise), 1.0, split))
        elif beside < 0.4:
            same = rng.choice([other for other in stating if (other.label > 0.5) == (e.label > 0.5)])
            made.append(Made(e.character + rng.choice(("", " ")) + same.character, (e.label + same.label) / 2, 1.0, split))
        else:
            made.append(Made(text_and_emoji(text_without_opinion(split, rng), e, rng), e.label, 1.0, split))
    return made


def alone(times: int, e, split: int) -> Made:
    return Made(e.character * times, e.label if opinion_of(e) else None, float(opinion_of(e)), split)


def text_and_emoji(text: str, e, rng) -> str:
    emoji = e.character * rng.choice((1, 1, 2, 3))
    return rng.choice((f"{text} {emoji}", f"{text}{emoji}", f"{emoji} {text}", f"{text}! {emoji}"))


def text_without_opinion(split: int, rng) -> str:
    kind = rng.random()
    if kind < 0.6:
        return filled(rng.choice(templates_of("fact", split)), rng)[0]
    return code(rng) if kind < 0.7 else " ".join(sentence(rng, rng.choice((word_of_script, word_of_latin))).split()[:rng.randint(1, 5)])
