"""What could be better about the words of a row: said beside the field while someone writes; it forbids nothing."""

import re
from typing import NamedTuple

from django.apps import apps
from django.db import models
from django.http import Http404, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_POST

from learningcities.text.folding import fold
from learningcities.text.richtext import LINK, TOO_LONG, RichTextField, clean, is_too_much, plain
from learningcities.text.translation import language_of

#: How many characters read well: what a list or a search engine shows of a text, and what says too little.
BEST = {"title": (0, 80), "vision_title": (0, 80), "summary": (40, 200), "alternative": (0, 160)}
#: How many words a paragraph has at most, to be read on a phone.
PARAGRAPH = 120
#: Words that say nothing of where a link leads, in each language.
EMPTY_LINKS = {
    "fr": ["ici", "cliquez ici", "cliquer ici", "lien", "ce lien", "en savoir plus", "lire la suite", "voir plus"],
    "ar": ["هنا", "اضغط هنا", "انقر هنا", "الرابط", "هذا الرابط", "المزيد", "اقرأ المزيد", "للمزيد"],
    "en": ["here", "click here", "link", "this link", "read more", "learn more", "more", "see more"],
}
#: How an alternative text begins that says first that a photo is a photo.
PHOTO_SAID = {
    "fr": ["image d", "photo d", "photographie d", "image montrant", "photo montrant"],
    "ar": ["صورة"],
    "en": ["image of", "photo of", "picture of", "photograph of"],
}
FILE_NAME = re.compile(r"\.(jpe?g|png|webp|avif|heic|gif|tiff?)$|^(img|dsc|dscn|pict?|photo|image)[ _-]?\d+", re.I)
ADDRESS = re.compile(r"^(https?://|www\.)\S+$", re.I)
HEADING = re.compile(r"<h([23])[^>]*>(.*?)</h\1>", re.DOTALL)
BLOCK = re.compile(r"<(p|li)[^>]*>(.*?)</\1>", re.DOTALL)


class Hint(NamedTuple):
    """`rule` stays the same while the numbers in the sentence change."""

    rule: str
    sentence: str


def hints(row):
    """What there is to say of each field of a row: {field: [Hint]}."""
    missing = row.missing() if hasattr(row, "missing") else {}
    by_field = {name: [Hint("missing", sentence)] for name, sentence in missing.items()}
    for field in row._meta.concrete_fields:
        text = getattr(row, field.attname)
        if isinstance(text, str) and text and is_written(field):
            by_field.setdefault(field.name, []).extend(judged(field, text))
    return {name: of_field for name, of_field in by_field.items() if of_field}


def is_written(field):
    """Whether someone writes sentences into a field."""
    return isinstance(field, (models.CharField, models.TextField)) and not (
        field.choices or isinstance(field, (models.SlugField, models.URLField, models.EmailField))
    )


def judged(field, text):
    """A text, judged in its own language by the rules for its kind."""
    language = language_of(field)
    name = field.name.removesuffix(f"_{language}")
    if isinstance(field, RichTextField):
        if is_too_much(text):
            yield Hint("too-long", TOO_LONG)
            return
        html = clean(text)
        yield from structure(html)
        yield from links(html, language)
    yield from length(name, text)
    if name == "alternative":
        yield from alternative(text, language)
    if name == "source" and ADDRESS.match(text.strip()):
        yield Hint("source", _("Say who published it and when; the address has a field of its own."))


def length(name, text):
    least, most = BEST.get(name, (0, None))
    number = len(text)
    if most and number > most:
        long = ngettext_lazy(
            "%(number)d character; lists show about %(most)d. Shorten it, or say what matters first.",
            "%(number)d characters; lists show about %(most)d. Shorten it, or say what matters first.",
            number,
        )
        yield Hint("long", long % {"number": number, "most": most})
    elif number < least:
        yield Hint("short", _("This is very short. One full sentence helps people decide whether to read on."))


def structure(html):
    before = 1
    for level, words in HEADING.findall(html):
        if not plain(words):
            yield Hint("heading-empty", _("A heading is empty: write its words, or remove it."))
        elif int(level) > before + 1:
            about = {"heading": plain(words)}
            yield Hint("heading-order", _("“%(heading)s” is a small heading without a large one above it.") % about)
        before = int(level)
    longest = max((len(plain(words).split()) for _tag, words in BLOCK.findall(html)), default=0)
    if longest > PARAGRAPH:
        words = ngettext_lazy(
            "A paragraph has %(number)d word. Two or three shorter ones read better on a phone.",
            "A paragraph has %(number)d words. Two or three shorter ones read better on a phone.",
            longest,
        )
        yield Hint("paragraph", words % {"number": longest})


def links(html, language):
    empty = {fold(words) for words in EMPTY_LINKS.get(language, ())}
    for _address, words in LINK.findall(html):
        words = plain(words)
        if ADDRESS.match(words):
            yield Hint("link-address", _("A link shows its address. Write where it leads instead."))
        elif fold(words) in empty:
            text = _("The link “%(words)s” doesn’t say where it leads. Name the page or the document.")
            yield Hint("link-words", text % {"words": words})


def alternative(text, language):
    if FILE_NAME.search(text.strip()):
        yield Hint("file-name", _("This looks like the name of a file. Say in one sentence what the photo shows."))
    elif fold(text).startswith(tuple(map(fold, PHOTO_SAID.get(language, ["\0"])))):
        yield Hint("photo-said", _("Readers know that it is a photo. Begin with what it shows."))


@require_POST
def hints_view(request):
    """The same for a row as it stands in a form, while someone writes it."""
    values = request.POST.dict()
    try:
        model = apps.get_model(values.get("model", ""))
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if not hasattr(model, "tracked_row"):
        raise Http404
    names = [f.name for f in model._meta.concrete_fields if f.name in values and f.editable and not f.is_relation]
    by_field = hints(model(**{name: values[name] for name in names}))
    return JsonResponse({name: [[rule, str(sentence)] for rule, sentence in by_field.get(name, ())] for name in names})
