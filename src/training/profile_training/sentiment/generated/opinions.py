"""Short texts that state an opinion: the words of shops, lukewarm ones, and negations."""

from profile_training.sentiment.generated.templates import Made, filled, negations, sections, split_of_template
from profile_training.sentiment.sources import NEUTRAL_LABEL

BETWEEN = (". ", ", ", "! ", " and ", " ", "; ", "!! ", ".\n")
SAID = ("{}", "{} {thing}", "the {thing} is {}", "this {thing} is {}", "it is {}", "it's {}", "very {}", "so {}", "the {thing} was {}",
        "really {} {thing}", "{} and {}", "{}!", "too {}", "a {} {thing}", "what a {} {thing}", "{thing}s are {}", "i find it {}")
SAID_ZH = ("{}", "很{}", "{物}很{}", "{物}非常{}", "太{}了", "{物}{}", "真{}", "{物}太{}", "有点{}")
COMPARED = ("{}", "even {}", "much {}", "{} than expected", "{} than the last {thing}", "looks {}", "feels {}", "the {thing} is {}",
            "it got {}", "a {} {thing}")
LIKED = {True: ("good", "praise", "好", "better"), False: ("bad", "blame", "坏", "worse")}


def goods(rng) -> Made:
    """One to four phrases of the same tone."""
    praise = rng.random() < 0.5
    phrases = [phrase(praise, rng) for _ in range(rng.choice((1, 1, 2, 3, 4)))]
    return Made(joined([text for text, _ in phrases], rng), float(praise), 1.0, max(split for _, split in phrases))


def phrase(praise: bool, rng) -> tuple:
    """(a text, its split)."""
    slot, templates, slot_zh, compared = LIKED[praise]
    kind = rng.random()
    if kind < 0.45:
        template = rng.choice(sections()[templates])
        return filled(template, rng)[0], split_of_template(template, [])
    said, slot = (SAID, slot) if kind < 0.7 else (COMPARED, compared) if kind < 0.9 else (SAID_ZH, slot_zh)
    return filled(rng.choice(said).replace("{}", "{%s}" % slot), rng)[0], 0


def joined(phrases: list, rng) -> str:
    text = phrases[0]
    for phrase in phrases[1:]:
        text += rng.choice(BETWEEN) + phrase
    return text + rng.choice(("", ".", "!", "..."))


def lukewarm(rng) -> Made:
    templates = [rng.choice(sections()["neutral"]) for _ in range(rng.choice((1, 1, 2)))]
    split = max(split_of_template(template, []) for template in templates)
    return Made(joined([filled(template, rng)[0] for template in templates], rng), NEUTRAL_LABEL, 1.0, split)


def negated(rng) -> Made:
    """A negation says the opposite of what it negates. Its template and its words are held out together."""
    template, praise = rng.choice(negations())
    text, chosen = filled(template, rng)
    return Made(joined([text], rng), float(praise), 1.0, split_of_template(template, chosen))
