"""What one person writes, another one types otherwise: whichever of the two is written, the other one finds it."""

from zlib import crc32

import pytest
from django.urls import reverse

from cities.models import City
from initiatives.models import Initiative
from learningcities.publishing.version import content_version
from learningcities.search.indexed import index_missing
from tests import factories

pytestmark = pytest.mark.django_db

#: Spellings of one expression, in the title of an initiative.
WORDS = [
    # Accents, apostrophes, ligatures, hamza, tashkīl, ta marbuta
    ("Éducation", "education"),
    ("أحمد", "احمد"),
    ("التعلّم", "التعلم"),
    ("مدينة", "مدينه"),
    ("œuvre", "oeuvre"),
    ("l'artisanat", "artisanat", "l’artisanat", "d’artisanat", "L`ARTISANAT"),
    # French: accents, capitals, ligatures, apostrophes, hyphens
    ("É́cole ouverte", "ECOLE OUVERTE"),
    ("français", "Francais"),
    ("Noël", "noel"),
    ("cœur", "CŒUR", "coeur"),
    ("ex æquo", "ex aequo"),
    ("jusqu’au bout", "jusqu'au bout", "jusqu au bout"),
    ("aujourd’hui", "aujourd'hui", "AUJOURD'HUI"),
    ("micro-crédit", "microcrédit"),
    ("micro-crédit", "micro crédit"),
    ("savoir‑faire", "savoir-faire", "savoir faire", "savoirs-faire"),
    ("demi–journée", "demi-journée"),
    ("no 12", "№ 12"),
    # French: one and many
    ("atelier", "ateliers"),
    ("journal", "journaux"),
    ("travail", "travaux"),
    ("bureau", "bureaux"),
    ("jeu", "jeux"),
    ("eau", "eaux"),
    ("local municipal", "locaux municipaux"),
    ("l’élève", "les élèves"),
    # English: one and many
    ("library", "libraries"),
    ("workshop", "Workshops"),
    ("box", "boxes"),
    ("branch", "branches"),
    ("city’s archive", "citys archive", "city's archives"),
    # Short words, digits
    ("فن", "فَنّ", "الفن"),
    ("TP", "tp"),
    ("ONG", "ong", "O.N.G."),
    ("2031", "٢٠٣١", "۲۰۳۱", "２０３１"),
    ("Covid-19", "COVID19"),
    ("Covid-19", "covid 19"),
    # Arabic: hamza, alif maqsura, tashkīl, tatweel, presentation forms, Persian and Moroccan letters
    ("إبداع", "ابداع", "أبداع"),
    ("آفاق", "افاق", "ٱفاق"),
    ("مستوى", "مستوي"),
    ("مسؤول", "مسوول"),
    ("بيئة", "بيئه"),
    ("قِراءة", "قراءة", "القراءة"),
    ("مُتَعَلِّم", "متعلم"),
    ("مـــهارة", "مهارة", "المهارات"),
    ("ﻣﻜﺘﺒﺔ", "مكتبة"),
    ("کتاب", "كتاب"),
    ("رقمی", "رقمي"),
    ("مدرسۃ", "مدرسة", "مدرسہ"),
    ("مھارة", "مهارة", "مہارة"),
    ("تلميذے", "تلميذي"),
    ("چامعة", "جامعة"),
    ("ڢنون", "فنون", "ڤنون"),
    ("ڧراءة", "قراءة", "ڨراءة"),
    ("بيت ﷲ", "بيت الله"),
    ("ﻻجئون", "لاجئون"),
    # What is seen by nobody; apostrophes that are letters; digits of each script
    ("biblio\u200bthèque", "bibliothèque", "bib\u2060lio\u00adthèque", "\ufeffbibliothèque"),
    ("مك\u200cتبة", "مكتبة", "مك\u200dتبة\u200f"),
    ("lʼartisanat", "l'artisanat", "artisanat", "lʻartisanat"),
    ("Qurʾān", "Qur'an", "Qurʼan"),
    ("plan ٢٠٣٢", "plan 2032", "plan ۲۰۳۲"),
    ("ⵜⵉⴼⵉⵏⴰⵖ", "ⵜⵉⴼⵉⵏⴰⵖ"),
    # Arabic: the article, what is written in front of a word, one and many, his and hers
    ("مدرسة", "المدرسة", "بالمدرسة", "للمدرسة", "كالمدرسة", "والمدرسة", "وبالمدرسة", "مدرسة،"),
    ("النساء", "للنساء", "نساء", "ونساء", "والنساء"),
    ("والتعليم", "التعليم", "تعليم", "وتعليم", "بتعليم", "لتعليم"),
    ("البالغين", "بالغين", "بالغون", "للبالغين"),
    ("الوالدين", "والدين"),
    ("لغات", "للغات", "اللغات"),
    ("جمعية", "جمعيات", "الجمعيات"),
    ("مبادرة", "مبادرات", "مبادرتين"),
    ("ورشة", "ورشات", "الورشات"),
    ("حرفيون", "حرفيين", "حرفي"),
    ("مجاني", "مجانية"),
]

#: Spellings of one name, each the name of a city.
NAMES = [
    # The cities of the starting content
    ("Laâyoune", "laayoune", "العيون", "Laayoun", "El Aaiún", "LAÂYOUNE", "Al Ayoun"),
    ("Chefchaouen", "Chefchawen", "Chafchaouan", "شفشاون", "Chefchaouene"),
    ("Benguerir", "Ben Guerir", "Bengrir", "ابن جرير", "Ben-Guerir", "Benguérir", "بنجرير"),
    ("Rabat", "الرباط", "Rbat", "رباط"),
    ("Tétouan", "Titwan", "تطوان", "Tetouane"),
    ("Meknès", "مكناس", "Meknas", "Meknes"),
    ("Ouarzazate", "Warzazat", "ورزازات", "Ouarzazat"),
    ("Essaouira", "Souira", "الصويرة", "Essawira"),
    ("Marrakech", "مراكش", "Marrakesh", "Merrakech"),
    ("Agadir", "أكادير", "أݣادير", "اڭادير"),
    ("Kénitra", "القنيطرة", "Kenitra", "Qnitra"),
    ("Oujda", "وجدة", "Wajda"),
    ("Khouribga", "خريبكة", "Khribga"),
    ("Ouezzane", "وزان", "Wazzan"),
    ("Azemmour", "أزمور", "Azamour"),
    ("Al Hoceïma", "الحسيمة", "Alhoceima", "El Hoceima"),
    ("Taourirt", "تاوريرت", "Tawrirt"),
    ("Guelmim", "كلميم", "Goulmim", "Gulmim"),
    ("Dakhla", "الداخلة", "Ad-Dakhla"),
    ("Tiznit", "تيزنيت"),
    ("Taroudant", "تارودانت", "Taroudannt"),
    ("Errachidia", "الرشيدية", "Er-Rachidia", "Rachidia"),
    ("Sidi Slimane", "سيدي سليمان"),
    ("Ksar el-Kébir", "القصر الكبير", "Ksar El Kebir"),
]

#: What the one says must not find the other: (typed, written).
APART = [
    ("eau", "château"),
    ("art", "départ"),
    ("cours", "courge"),
    ("course", "cour"),
    ("lire", "délire"),
    ("ville", "vaudeville"),
    ("port", "sport"),
    ("main", "demain"),
    ("demain", "coup de main"),
    ("poisson", "poison"),
    ("dessert", "désert"),
    ("bus", "but"),
    ("city", "citrus"),
    ("children", "chili"),
    ("2020", "2021"),
    ("2020", "٢٠٢١"),
    ("فن", "دفن"),
    ("علم", "حلم"),
    ("دار", "جدار"),
    ("بلدية", "لديها"),
    ("مكتبة", "مكتب"),
    ("كتاب", "كاتب"),
    ("نساء", "إنسان"),
    ("مدرسة", "مدينة"),
    ("آلاف", "آفاق"),
]

#: Names that only half sound alike.
APART_NAMES = [("Tanger", "Tinghir"), ("Rabat", "Berrechid"), ("Meknès", "Marrakech"), ("تطوان", "تاونات")]


@pytest.fixture(scope="module")
def written(module_db):
    """Every spelling as the title of an initiative or the name of a city, in one column only."""
    home = factories.make_city(name_fr="Ici", summary_fr="Ici.")
    now = content_version.moment()
    Initiative.objects.bulk_create(
        Initiative(city=home, slug=slug(text), title_fr=text, status_on="2024", public_from=now)
        for text in distinct(WORDS, [(text,) for _typed, text in APART])
    )
    City.objects.bulk_create(
        City(region=home.region, slug=slug(text), name_fr=text, public_from=now)
        for text in distinct(NAMES, [(text,) for _typed, text in APART_NAMES])
    )
    index_missing()
    content_version.ContentVersion.bump()


def distinct(*tables):
    return dict.fromkeys(text for table in tables for group in table for text in group)


def slug(text):
    return f"w-{crc32(text.encode())}"


def typed(groups):
    """(typed, the other spellings) for each spelling of each group."""
    return [
        pytest.param(word, [other for other in group if other != word], id=word) for group in groups for word in group
    ]


def listed(client, path, text):
    """What the list and the search page find, as slugs."""
    answer = client.get(path, {"q": text}).context["filter"].answer
    slugs = {row.slug for row in answer.fetch(answer.queryset, 0, 99)}
    kind = answer.queryset.model._meta.model_name
    context = client.get(reverse("search"), {"q": text, "kind": kind}).context
    assert context["count"] >= len(slugs)
    assert not slugs or context["page"].paginator.count == len(slugs)
    return slugs


@pytest.mark.parametrize(("word", "others"), typed(WORDS))
def test_every_spelling_of_a_word_is_found_by_every_other(written, client, word, others):
    missed = {slug(text): text for text in others}.keys() - listed(client, "/fr/initiatives/", word)
    assert not [text for text in others if slug(text) in missed]


@pytest.mark.parametrize(("word", "others"), typed(NAMES))
def test_every_spelling_of_a_name_is_found_by_every_other(written, client, word, others):
    missed = {slug(text): text for text in others}.keys() - listed(client, "/fr/villes/", word)
    assert not [text for text in others if slug(text) in missed]


@pytest.mark.parametrize(("word", "other"), APART)
def test_different_words_stay_apart(written, client, word, other):
    assert slug(other) not in listed(client, "/fr/initiatives/", word)


@pytest.mark.parametrize(("word", "other"), APART_NAMES)
def test_different_names_stay_apart(written, client, word, other):
    assert slug(other) not in listed(client, "/fr/villes/", word)


def test_there_are_more_than_forty_pairs_beyond_the_first_ones(written):
    pairs = sum(len(group) * (len(group) - 1) for group in WORDS + NAMES)
    assert pairs > 2 * (7 + 40)
