"""The sound of a name: its consonants, the same for its Arabic letters and for every way to write them in Latin ones.

Names of Moroccan towns are written by ear: Chefchaouen, Chefchawen, Chafchaouan, شفشاون.
"""

import re

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


def sounds_of_name(name):
    """What each word of a folded name may sound like, and all of them in one breath."""
    return [signs for word in [*name.split(), name.replace(" ", "")] for signs in sounds(word)]
