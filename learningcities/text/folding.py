"""One spelling for every spelling: French, Arabic and English folded alike in what is stored and what is asked."""

import re
import unicodedata

#: What is seen by nobody: marks of direction, joiners, spaces without width, variants of a letter; and the tatweel.
UNSEEN = "ـ\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
#: Apostrophes that Unicode counts among the letters: those of transcriptions, and what some keyboards type for one.
APOSTROPHES = "\u02b9-\u02bf\u02c8\u02ca-\u02cc\u02ee\ua78b\ua78c"
#: Letters of one sound, ligatures that Unicode keeps, digits. In the Maghreb ڢ is an f and ڧ a q; ہ ۃ ھ ے are what
#: keyboards of other languages have for ه ة ه ي.
LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ı": "i", "ø": "o", "ł": "l", "đ": "d"}
    | {"ħ": "h", "ɛ": "e", "ɣ": "g", "ŋ": "n"}
    | {"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "گ": "ك", "ݣ": "ك", "ڭ": "ك", "ڤ": "ف", "پ": "ب"}
    | {"ہ": "ه", "ۃ": "ه", "ھ": "ه", "ە": "ه", "ے": "ي", "ې": "ي", "ێ": "ي", "ۍ": "ي", "ڪ": "ك", "ݢ": "ك"}
    | {"چ": "ج", "ژ": "ز", "ڨ": "ق", "ڧ": "ق", "ٯ": "ق", "ڢ": "ف", "ڡ": "ف", "ڥ": "ف", "ۆ": "و", "ۇ": "و", "ۋ": "و"}
    | {"ٹ": "ت", "ڈ": "د", "ڑ": "ر", "ں": "ن"}
    | {digit: str(value) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for value, digit in enumerate(digits)}
)
INVISIBLE = re.compile(f"[{UNSEEN}]+")
SEPARATORS = re.compile(rf"[\W_{APOSTROPHES}]+")
#: The dots of an abbreviation: O.N.G.
DOTS = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")
#: A word of running text: letters and digits with the marks and the tatweel that stand on and between them.
LETTER = rf"[^\W_{APOSTROPHES}]"
WORD = re.compile(
    rf"{LETTER}(?:\.[^\W\d_]\b)+"
    rf"|{LETTER}(?:{LETTER}|[{UNSEEN}\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed])*"
)
#: Words with hyphens, which are also written as one: micro-crédit.
HYPHENS = "-\u2010\u2011\u2013"
COMPOUND = re.compile(rf"(?<!\w)\w++(?:[{HYPHENS}]\w++)+")
ARABIC = re.compile(r"[\u0621-\u064a]")
#: What Arabic writes in front of a word: the article, and with it and, with, as, for.
ARTICLE = re.compile(r"[وف]?(?:بال|كال|لل|ال)(?=\w\w)")
#: The same without an article; one letter asks for a longer word behind it.
PARTICLE = re.compile(r"و?(?:ب(?!ل)|ل)(?=\w{4})|و(?=\w{4})")
#: The endings that French, English and Arabic change from one to many; the first that fits. With a space at its end,
#: the other ending must be the whole of it.
ENDINGS = [
    (re.compile(r"(?<=\w{3})aux$"), ["al ", "ail ", "au "]),
    (re.compile(r"(?<=\w{3})ai?l$"), ["aux "]),
    (re.compile(r"(?<=\w{2})ies$"), ["y ", "ie "]),
    (re.compile(r"(?<=\w{3})y$"), ["ies "]),
    (re.compile(r"(?<=s|x)es$|(?<=ch|sh)es$"), [" ", "e "]),
    (re.compile(r"(?<=[^\Ws]{3})[sx]$"), [" "]),
    (re.compile(r"(?<=\w{2})ي(?:ات|ه)$"), ["يات ", "يه ", "يت", "ي "]),
    (re.compile(r"(?<=\w{3})ت(?:ان|ين)$"), ["ه ", "ات "]),
    (re.compile(r"(?<=\w{3})(?:ات|ه)$"), ["ات ", "ه ", "ت"]),
    (re.compile(r"(?<=\w{2})(?:ون|ين)$"), ["ون ", "ين ", " "]),
]
#: Words that say nothing of what is looked for, folded; they count only where nothing else was typed.
SMALL = frozenset(
    """
    a au aux avec ce ces d dans de des du elle en et l la le les leur leurs ou par pour
    qu que qui s sa ses son sur un une
    an and at by for from in is of on or the to with
    ال الي او عن علي في مع من و
    """.split()  # noqa: SIM905 - a list of words reads better than a list of quotes
)


def fold(text):
    """Lower case, without accents, tashkīl and tatweel, letters of one sound as one, words apart by one space.

    >>> fold("L’École à Laâyoune")
    'l ecole a laayoune'
    >>> fold("مدينة التعلّم")
    'مدينه التعلم'
    """
    letters = unicodedata.normalize("NFKD", INVISIBLE.sub("", text))
    text = "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().translate(LETTERS)
    return SEPARATORS.sub(" ", DOTS.sub("", text)).strip()


def forms(word):
    """A folded word, and what it may be behind an Arabic article or particle: بالمدينه and مدينه.

    للغات has lost a letter, so it may be غات or لغات.
    """
    if not ARABIC.match(word):
        return [word]
    front = ARTICLE.match(word) or PARTICLE.match(word)
    if not front:
        return [word]
    behind = word[front.end() :]
    return [word, behind, "ل" + behind] if front[0].endswith("لل") else [word, behind]


def searchable(*texts):
    """The folded texts between bars, a space before and after every word; then what else each word can be read as."""
    folded = list(filter(None, map(fold, texts)))
    words = " ".join(folded).split()
    read = [form for word in words for form in forms(word)] + [
        fold(match[0]).replace(" ", "") for text in texts for match in COMPOUND.finditer(INVISIBLE.sub("", text))
    ]
    others = "".join(f"{word} " for word in sorted(dict.fromkeys(read).keys() - words))
    return f" | {' | '.join(folded)} | {others}" if words else ""


def needles(word):
    """What to look for in a searchable text for one folded word: its beginning, or the whole of another number of it.

    A needle begins with a space, where a word begins, and ends with one where the whole word must stand.
    """
    spellings = []
    for form in forms(word):
        others = next(([ending.sub(end, form) for end in ends] for ending, ends in ENDINGS if ending.search(form)), [])
        is_whole = len(form) < 3 and form != word
        spellings += [f" {form} " if is_whole else f" {form}", *(f" {other}" for other in others)]
    return [
        needle for needle in dict.fromkeys(spellings) if needle.rstrip() == needle or needle.rstrip() not in spellings
    ]


def words_asked(query):
    """The folded words of a query that say what is looked for."""
    words = fold(query).split()
    return [word for word in words if not is_small(word)] or words


def is_small(word):
    """Whether a word says nothing by itself."""
    return word in SMALL or (len(word) == 1 and "a" <= word <= "z")
