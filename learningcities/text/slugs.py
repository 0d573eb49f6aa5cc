"""A short name from a title, in Latin letters, by the same rules as static/js/slugs.js, which fills it in on forms."""

import re
import unicodedata


def table(*lines):
    """What stands for what; the same lines are in the script."""
    return dict(pair.split("=") for line in lines for pair in line.split())


#: Letters and digits that don't come apart into a Latin one and a mark.
LATIN = table(
    "æ=ae œ=oe ß=ss ø=o ł=l đ=d ð=d þ=th ħ=h ı=i ŋ=ng ŧ=t ƀ=b ɓ=b ɗ=d ɖ=d ƒ=f ɣ=gh ɛ=e ə=e ɔ=o",
    "٠=0 ١=1 ٢=2 ٣=3 ٤=4 ٥=5 ٦=6 ٧=7 ٨=8 ٩=9",
    "۰=0 ۱=1 ۲=2 ۳=3 ۴=4 ۵=5 ۶=6 ۷=7 ۸=8 ۹=9",
)
#: Arabic consonants as French spells them.
CONSONANTS = table(
    "ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=ch ص=s ض=d ط=t ظ=z غ=gh ف=f ق=q ك=k ل=l م=m ن=n ه=h",
    "پ=p چ=tch ژ=j گ=g ڤ=v ڨ=g ڭ=g ک=k",
)
VOWELS = table("ا=a أ=a آ=a ٱ=a إ=i ى=a ئ=i ؤ=ou َ=a ُ=ou ِ=i")
#: A vowel behind a consonant, or else a consonant.
HALF_VOWELS = table("و=ou/w ي=i/y ی=i/y")
#: What is in front of a word, and short words whose vowels nobody would guess.
ARTICLES = table("وال=wal- بال=bil- فال=fal- كال=kal- ال=al- لل=lil-")
WORDS = table("ابن=ibn بن=ben في=fi من=min عن=an على=ala إلى=ila و=wa سلا=sala")

ARABIC_WORD = re.compile("[\u0621-\u063a\u0640-\u0655\u0670-\u06d3]+")
SILENT = re.compile("[\u0621\u0640\u064b-\u064d\u0651-\u0655\u0670]")


def slug_of(text, length=70):
    """
    >>> slug_of("Cœur de l’Étoile")
    'coeur-de-l-etoile'
    >>> slug_of("المدرسة والمكتبة")
    'al-madrasa-wal-maktaba'
    """
    text = unicodedata.normalize("NFKC", text).lower()
    text = ARABIC_WORD.sub(lambda word: f" {romanized(word[0])} ", text)
    text = unicodedata.normalize("NFKD", "".join(LATIN.get(letter, letter) for letter in text))
    text = "".join(letter for letter in text if unicodedata.category(letter)[0] != "M")
    return re.sub("[^a-z0-9]+", "-", text).strip("-")[:length].strip("-")


def romanized(word):
    """An Arabic word in Latin letters. Short vowels aren't written: an a stands where consonants need one."""
    word = SILENT.sub("", word)
    if word in WORDS:
        return WORDS[word]
    article = next((article for article in ARTICLES if word.startswith(article) and len(word) > len(article) + 1), "")
    return ARTICLES.get(article, "") + voiced(sounds(word[len(article) :]))


def sounds(word):
    """The sounds that are written: [(text, is it a vowel)]."""
    pairs = []
    for place, letter in enumerate(word):
        after_vowel = bool(pairs) and pairs[-1][1]
        before_vowel = word[place + 1 : place + 2] in (*VOWELS, "ة")
        if letter in HALF_VOWELS:
            is_vowel = bool(pairs) and not after_vowel and not before_vowel
            vowel, consonant = HALF_VOWELS[letter].split("/")
            pairs.append((vowel if is_vowel else consonant, is_vowel))
        elif letter in VOWELS:
            pairs.append((VOWELS[letter], True))
        elif letter == "ة":
            pairs.append(("t", False) if after_vowel and word[place - 1] == "ا" else ("a", True))
        elif letter == "ع":
            pairs += [] if before_vowel else [("a", True)]
        elif letter in CONSONANTS:
            pairs.append((CONSONANTS[letter], False))
    return pairs


def voiced(sounds):
    """The sounds with an a where two consonants begin or end a word, or three meet."""
    text, group = "", []
    begins = True
    for sound, is_vowel in [*sounds, ("", True)]:
        if not is_vowel:
            group.append(sound)
            continue
        ends = not sound
        if begins and len(group) > 1:
            text, group = text + group[0] + "a", group[1:]
        if ends and len(group) > 1 and group[0] != "y":
            text, group = text + "".join(group[:-1]) + "a", group[-1:]
        elif len(group) > 2:
            text, group = text + "".join(group[:2]) + "a", group[2:]
        text, group, begins = text + "".join(group) + sound, [], False
    return text
