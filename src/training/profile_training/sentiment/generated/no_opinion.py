"""Texts without an opinion: facts and questions, numbers and codes, and words of languages that training does not know."""

from profile_training.encoding.hashing import hash64
from profile_training.sentiment.generated.templates import Made, filled, sections, split_of_template, words
from profile_training.sentiment.sources import NEUTRAL_LABEL
from profile_training.sentiment.split import split_of

LETTERS = "aaaabcdeeeeefghiiijklmnnoooprrsstttuuvwxyz"
LATIN = LETTERS + "äöüßéèêáàâíóòôúñçãõåøæőřšžýłąęğışţ"
SCRIPTS = (  # first and last letter, letters of a word at most
    (0x430, 0x44F, 9), (0x3B1, 0x3C9, 9), (0x621, 0x64A, 7), (0x5D0, 0x5EA, 6), (0x905, 0x939, 7), (0xE01, 0xE2E, 12), (0xAC00, 0xD7A3, 4),
    (0x3042, 0x3093, 5), (0x30A2, 0x30F3, 5), (0x531, 0x556, 8), (0x10D0, 0x10F0, 8), (0x995, 0x9B9, 7), (0xB85, 0xBB9, 7),
    (0x1200, 0x1248, 5), (0x1780, 0x17A2, 9), (0x1000, 0x1021, 8))
SMALL = (  # words that many languages share with English, or that English texts quote
    "a", "me", "no", "die", "is", "in", "de", "la", "que", "was", "to", "do", "so", "on", "as", "an", "den", "man", "hat", "war", "le",
    "les", "on", "or", "un", "il", "per", "con", "se", "te", "to", "ma", "bin", "gut", "mal", "am", "es", "el", "al", "ne", "pas", "mit",
    "hi", "ha", "hai", "main", "the", "par", "ho", "bad", "us", "kind", "art", "rot", "fast", "super", "film", "top", "ok", "wow", "my",
    "you", "for")
ENDINGS = (
    "o", "a", "os", "as", "e", "en", "ung", "cion", "ción", "mente", "ment", "eux", "euse", "lich", "isch", "ato", "are", "ire", "er",
    "ado", "ada", "ante", "ente", "ismo", "ité", "tät", "keit", "zione", "ção", "ível", "oso", "osa", "ando", "iert", "te", "ten", "i",
    "ais", "ons")
SIGNS = (" ", " ", " ", " ", ", ", ". ", "! ", " @user ", " http ", " #", "… ", "? ")


def facts(rng) -> Made:
    templates = [rng.choice(sections()["fact"]) for _ in range(rng.choice((1, 1, 2)))]
    text = rng.choice((". ", ", ", " ")).join(filled(template, rng)[0] for template in templates) + rng.choice(("", "", ".", "?", "!"))
    return no_opinion(text, max(split_of_template(template, []) for template in templates))


def codes(rng) -> Made:
    return no_opinion(" ".join(code(rng) for _ in range(rng.choice((1, 1, 1, 2, 3)))))


def code(rng) -> str:
    digits = "".join(rng.choices("0123456789", k=rng.randint(1, 14)))
    letters = "".join(rng.choices(LETTERS, k=rng.randint(1, 8)))
    return rng.choice((
        digits, f"{letters.upper()}-{digits}", f"#{digits}", f"{letters}{digits}", f"https://{letters}.com/{digits}", f"www.{letters}.org",
        f"{letters}@{letters}.net", f"+{digits}", f"{digits[:2]}/{digits[:2]}/20{digits[:2]}", f"{digits[:2]}:{digits[:2]}", f"{digits}%",
        f"${digits}.99", f"{digits} kg", letters, letters.upper(), rng.choice(".-?!*…=+"), f"({digits})", f"{letters}_{letters}.jpg"))


def foreign(rng) -> Made:
    """Words of scripts and spellings that are not known, and now and then one that is, for many languages share short words."""
    return no_opinion(sentence(rng, rng.choice((word_of_script, word_of_latin, word_of_latin))))


def sentence(rng, word) -> str:
    script, count = rng.choice(SCRIPTS), rng.randint(1, 24)
    known = rng.choice((0, 0, 0.15, 0.3, 0.4)) if word is word_of_latin and count > 3 else 0
    words_of_it = [rng.choice(SMALL) if rng.random() < known else word(rng, script) for _ in range(count)]
    return "".join(w + rng.choice(SIGNS) for w in words_of_it).strip()


def word_of_script(rng, script: tuple) -> str:
    first, last, most = script
    return "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(1, most)))


def word_of_latin(rng, _) -> str:
    if rng.random() < 0.4:  # it begins as an English word
        return rng.choice(words(rng.choice(("thing", "good", "bad"))))[:rng.randint(4, 7)] + rng.choice(ENDINGS)
    return "".join(rng.choices(LATIN if rng.random() < 0.3 else LETTERS, k=rng.randint(2, 11)))


def no_opinion(text: str, split: int | None = None) -> Made:
    """Neither praise nor blame, so that beside an emoji only the emoji states an opinion."""
    return Made(text, NEUTRAL_LABEL, 0.0, split_of(hash64(text)) if split is None else split)
