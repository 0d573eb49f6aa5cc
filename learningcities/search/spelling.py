"""One spelling for every spelling: French, Arabic and English folded alike in what is stored and what is asked."""

import re
import unicodedata

ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None})
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ı": "i", "ø": "o", "ł": "l", "đ": "d"})
SEPARATORS = re.compile(r"[\W_]+")
#: A word of running text: letters and digits with the marks and the tatweel that stand on and between them.
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed])*")
#: What Arabic writes in front of a word: the article, and with it and, with, for.
ARTICLE = re.compile(r"[وف]?(?:بال|كال|لل|ال)(?=\w{3})")
#: The same without an article; one letter alone asks for a longer word behind it.
PARTICLE = re.compile(r"[وف][بل]?(?=\w{4})|[بل](?=\w{4})")
#: The endings that French, English and Arabic change from one to many; the first that fits.
ENDINGS = [
    (re.compile(r"(?<=\w{3})aux$"), ["al", "ail", "au"]),
    (re.compile(r"(?<=\w{3})al$"), ["aux"]),
    (re.compile(r"(?<=\w{2})ies$"), ["y", "ie"]),
    (re.compile(r"(?<=\w{3})y$"), ["ies"]),
    (re.compile(r"(?<=s|x)es$|(?<=ch|sh)es$"), ["", "e"]),
    (re.compile(r"(?<=[^\Ws]{3})[sx]$"), [""]),
    (re.compile(r"(?<=\w{3})(?:ات|ه)$"), ["ات", "ه", "ت"]),
    (re.compile(r"(?<=\w{2})(?:ون|ين)$"), ["ون", "ين", ""]),
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
    text = text.translate(ARABIC).casefold().translate(LIGATURES)
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return SEPARATORS.sub(" ", text.translate(ARABIC)).strip()


def without_front(word):
    """A folded Arabic word without what is written in front of it: بالمدينه as مدينه; other words as they are."""
    front = ARTICLE.match(word) or PARTICLE.match(word)
    return word[front.end() :] if front else word


def searchable(text):
    """The folded text with a space before and after every word; behind it, the Arabic words without their article."""
    folded = fold(text)
    words = folded.split()
    bare = dict.fromkeys(without_front(word) for word in words if "\u0621" <= word[0] <= "\u064a")
    return f" {' '.join([folded, *(word for word in bare if word not in words)])} " if words else ""


def needles(word):
    """What to look for in a searchable text for one folded word: its beginning, or the whole of another number of it.

    A needle begins with a space, where a word begins, and ends with one where the whole word must stand.
    """
    article = ARTICLE.match(word)
    word = word[article.end() :] if article else word
    others = next(
        ([ending.sub(other, word) for other in others] for ending, others in ENDINGS if ending.search(word)), []
    )
    return [f" {word}", *(f" {other} " for other in others if other != word)]


def words_asked(query):
    """The folded words of a query that say what is looked for."""
    words = fold(query).split()
    return [word for word in words if word not in SMALL and not (len(word) == 1 and "a" <= word <= "z")] or words
