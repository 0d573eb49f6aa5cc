"""The sound of a name: its consonants, the same for its Arabic letters and for every way to write them in Latin ones.

Names of Moroccan towns are written by ear: Chefchaouen, Chefchawen, Chafchaouan, شفشاون.
"""

import re
from itertools import product

from rapidfuzz.distance import OSA

from .folding import forms

#: Latin letters and what they sound like, longer ones first; vowels say nothing. C stands for sh, K for kh, G for gh,
#: until all is said: then c, x and g do, since SQLite compares without regard to case.
LATIN = [
    (r"^ou|ou(?=[aeiou])|(?<=a)ou|(?<=[aeiou])u(?=[aeiou])", "w"),
    (r"sch|sh|ch|^x", "C"),
    (r"kh", "K"),
    (r"gh", "G"),
    (r"gu(?=[eiy])|dj|[gj]", "j"),
    (r"th", "t"),
    (r"dh", "d"),
    (r"ph|v", "f"),
    (r"p", "b"),
    (r"c(?=[eiy])", "s"),
    (r"qu|[cqk]", "k"),
    (r"x", "ks"),
    (r"(?<=[aeiou])[iy](?=[aeiou])|^y", "Y"),
    (r"[aeiouyh]", ""),
]
#: و and ي are consonants beside an alif, at the beginning and before another of the two; else they are long vowels.
ARABIC_LONG = re.compile(r"(?<=[^\Wا])(?:و(?![اي])|ي(?![او]))")
ARABIC = str.maketrans(
    "بتثجدذرزسشصضطظغفقكلمنخوي" + "اءعحه",
    "bttjddrzsCsdtzGfkklmnKwY" + " " * 5,
)
DOUBLED = re.compile(r"(.)\1+")
HARD_G = re.compile("g(?!h)")
#: With fewer consonants, a name sounds like too many words.
ENOUGH = 3
#: From how many on they tell a name well; and how alike, from 0 to 1, two names of one sound must be written to be one
#: with fewer consonants and with as many, in one script and in two, where the one leaves short vowels out.
TELLING = 4
WRITTEN_ALIKE, WRITTEN_ELSEWHERE = (0.7, 0.6), (0.55, 0.4)
#: How Arabic letters are written in Latin ones, vowels included.
LETTERS = str.maketrans(
    dict(zip("ابتثجحدذرزسصضطظعفقكلمنهي", "abttjhddrzssdtzafkklmnai", strict=True))
    | {"خ": "kh", "ش": "ch", "غ": "gh", "و": "u", "ء": ""}
)
#: Vowels that are written in several ways, and the e that French leaves mute.
SPELLED = {"ou": "u", "w": "u", "y": "i", "e": ""}
SAME = re.compile("ou|w|y|(?<=..)e$")


def sound(word):
    """The sound of a folded word, or "" where it has too few consonants to tell it by.

    >>> sound("chefchawen") == sound("شفشاون")
    True
    """
    if word[:1].isascii():
        for letters, sign in LATIN:
            word = re.sub(letters, sign, word)
    else:
        word = ARABIC_LONG.sub("", word).translate(ARABIC).replace(" ", "")
    signs = DOUBLED.sub(r"\1", word).replace("K", "x").lower()
    return signs if len(signs) >= ENOUGH and signs.isascii() and signs.isalpha() else ""


def sounds(word):
    """What a folded word may sound like: with and without an article, its hard g written ج or ك (ابن جرير, أكادير)."""
    spelled = [reading for form in forms(word) for reading in (form, HARD_G.sub("k", form))]
    return list(dict.fromkeys(filter(None, map(sound, spelled))))


def is_variant(signs, word, other):
    """Whether two folded words of one sound are written enough alike to be one name; few consonants tell little.

    >>> is_variant("cfcwn", "chafchawan", "chefchaouen")
    True
    >>> is_variant("brs", "paris", "bursa")
    False
    """
    few, many = WRITTEN_ALIKE if word[:1].isascii() == other[:1].isascii() else WRITTEN_ELSEWHERE
    least = few if len(signs) < TELLING else many
    pairs = product(map(plainly, forms(word)), map(plainly, forms(other)))
    return any(OSA.normalized_similarity(*pair) >= least for pair in pairs)


def plainly(word):
    """A folded word in Latin letters, one letter for what is written in several ways."""
    return DOUBLED.sub(r"\1", SAME.sub(lambda match: SPELLED[match[0]], word.translate(LETTERS)))
