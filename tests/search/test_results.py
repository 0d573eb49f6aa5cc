"""What the search says: the best match first, marked where it stands, in the language that says it."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from tests import factories

INITIATIVES = "/fr/initiatives/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return factories.make_city(slug="azrou", name_fr="Azrou", name_ar="أزرو")


def search(client, words, language="fr", **parameters):
    with override(language):
        return client.get(reverse("search"), {"q": words} | parameters)


def html_of(client, words, language="fr"):
    """The main part of the search page."""
    html = search(client, words, language).content.decode()
    return html[html.index("<main") : html.index("</main>")]


def slugs(client, words, **parameters):
    return [item.slug for item in client.get(INITIATIVES, {"q": words} | parameters).context["page"]]


def test_the_title_comes_before_the_summary_and_that_before_the_rest_then_the_newest(city, client):
    factories.make_initiative(city, "title", title_fr="Un potager", summary_fr="Pour tous.")
    factories.make_initiative(city, "summary", title_fr="Un", summary_fr="Un potager.")
    factories.make_initiative(city, "part", title_fr="Le potager", summary_fr="Deux.", context_fr="<p>Azrou</p>")
    factories.make_initiative(city, "rest", title_fr="Trois", summary_fr="Trois.", context_fr="<p>Le potager</p>")
    factories.make_initiative(city, "newer-title", title_fr="Potager", summary_fr="Pour tous.")
    factories.make_initiative(city, "newer-rest", title_fr="Quatre", summary_fr="Quatre.", results_fr="<p>potager</p>")
    best_first = ["newer-title", "part", "title", "summary", "newer-rest", "rest"]
    assert slugs(client, "potager") == best_first
    assert [row.slug for row in search(client, "potager", kind="initiative").context["page"]] == best_first
    assert slugs(client, "potager", sort="title")[:2] == ["part", "newer-title"]


def test_of_two_words_one_in_the_title_is_better_than_none(city, client):
    factories.make_initiative(city, "in-title", title_fr="La bibliothèque")
    factories.make_initiative(city, "nowhere", title_fr="Un centre", context_fr="<p>Près de la bibliothèque</p>")
    assert slugs(client, "bibliothèque azrou") == ["in-title", "nowhere"]


def test_the_kind_with_the_best_match_comes_first(city, client):
    factories.make_initiative(city, title_fr="Lire")
    factories.make_page(title_fr="Autre", body_fr="<p>Azrou</p>")
    kinds = [kind.label for kind in search(client, "azrou").context["kinds"]]
    assert kinds == ["villes", "initiatives", "pages"]
    factories.make_page("azrou-page", title_fr="Azrou et nous", body_fr="<p>Lire</p>")
    kinds = [kind.label for kind in search(client, "lire").context["kinds"]]
    assert kinds == ["initiatives", "pages"]


def test_a_kind_with_more_is_shown_in_part_with_a_way_to_all(city, client):
    factories.make_many(city, range(1, 21))
    html = html_of(client, "ecole")
    assert html.count("<h3") == 5
    assert 'href="/fr/initiatives/?q=ecole"' in html
    factories.make_place(city, "p", name_fr="École")
    for number in range(12):
        factories.make_place(city, f"p-{number}", name_fr="École")
    assert 'href="?q=ecole&amp;kind=learningplace"' in html_of(client, "ecole")
    second = search(client, "ecole", kind="learningplace", page="2")
    assert len(second.context["page"]) == 1
    assert search(client, "ecole", kind="nonsense").context["count"] == 33


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("ecole", "<mark>École</mark> d’été"),
        ("ETE", "École d’<mark>été</mark>"),
        ("été école", "<mark>École</mark> d’<mark>été</mark>"),
        ("écoles", "<mark>École</mark> d’été"),
    ],
)
def test_matches_are_marked_in_whatever_spelling(city, client, typed, marked):
    factories.make_initiative(city, title_fr="École d’été")
    for html in (html_of(client, typed), client.get(INITIATIVES, {"q": typed}).content.decode()):
        assert marked in html
    with override("fr"):
        assert marked in client.get(reverse("proposals"), {"q": typed}).content.decode()


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("مدينه", "في <mark>المدينة</mark>"),
        ("متعلمة", "مدن <mark>متعلّمة</mark>"),
        ("مدارس", "<mark>للمدارس</mark>"),
    ],
)
def test_matches_are_marked_behind_articles_and_under_marks(city, client, typed, marked):
    factories.make_initiative(city, title_fr="Titre", title_ar="في المدينة للمدارس مدن متعلّمة")
    assert marked in html_of(client, typed, "ar")


@pytest.mark.parametrize(
    ("title", "typed", "marked"),
    [
        ("La biblio\u200bthèque\ufeff ouverte", "bibliotheque", "La <mark>biblio\u200bthèque\ufeff</mark> ouverte"),
        ("Pour lʼartisanat", "artisanat", "Pour lʼ<mark>artisanat</mark>"),
        ("في مدرسۃ", "مدرسة", "في <mark>مدرسۃ</mark>"),
        ("بيت ﷲ اليوم", "الله", "بيت <mark>ﷲ</mark> اليوم"),
        ("Plan ٢٠٣٢ : suite", "2032", "Plan <mark>٢٠٣٢</mark> : suite"),
    ],
)
def test_matches_are_marked_where_they_stand_also_among_letters_that_fold_to_others(city, client, title, typed, marked):
    factories.make_initiative(city, title_fr=title)
    assert marked in html_of(client, typed)


def test_a_name_is_marked_where_it_only_sounds_alike_and_an_ordinary_word_is_not(client):
    city = factories.make_city(slug="chefchaouen", name_fr="Chefchaouen", summary_fr="Chefchaouen est bleue.")
    factories.make_initiative(city, title_fr="Course", summary_fr="Crise de la course, Kerouas.")
    assert "<mark>Chefchaouen</mark> est bleue" in html_of(client, "شفشاون")
    assert "<mark>Course</mark>" in html_of(client, "course")
    assert "<mark>Crise" not in html_of(client, "course")


def test_words_with_a_hyphen_and_abbreviations_are_marked_whole(city, client):
    factories.make_initiative(city, title_fr="Le micro-crédit d’une O.N.G.")
    assert "<mark>micro-crédit</mark>" in html_of(client, "microcrédit")
    assert "<mark>O.N.G</mark>" in html_of(client, "ong")


def test_where_the_summary_does_not_say_it_a_passage_does_in_its_own_language(city, client):
    long = "mot " * 60
    factories.make_initiative(
        city,
        title_fr="Titre",
        title_ar="عنوان",
        context_fr=f"<p>{long} des jardins partagés, {long}</p>",
        context_ar=f"<p>{'كلمة ' * 60} حدائق مشتركة</p>",
    )
    in_french = re.search(r'class="summary">(.*?)</p>', html_of(client, "jardin"))[1]
    assert in_french.startswith("… ")
    assert "des <mark>jardins</mark> partagés" in in_french
    assert len(in_french) < 300
    html = html_of(client, "حدائق")
    assert re.search(r'class="summary" lang="ar" dir="rtl">… .*<mark>حدائق</mark> مشتركة', html)
    assert "<h3>" in html
    in_arabic = html_of(client, "jardin", "ar")
    assert re.search(r'class="summary" lang="fr" dir="ltr">', in_arabic)


def test_a_passage_is_one_that_says_most_of_the_words(city, client):
    text = f"<p>Le lait. {'mot ' * 80} Du miel et du lait.</p>"
    factories.make_initiative(city, title_fr="Titre", context_fr=text)
    assert "Du <mark>miel</mark> et du <mark>lait</mark>" in html_of(client, "lait miel")


def test_markup_in_the_content_and_in_the_question_is_shown_as_text(city, client):
    factories.make_initiative(
        city, title_fr="<b>École</b> & <script>", summary_fr='École "x" <img src=x onerror=y>', context_fr="<p>a</p>"
    )
    with override("fr"):
        proposed = client.get(reverse("proposals"), {"q": "ecole"}).content.decode()
    for html in (html_of(client, "ecole"), client.get(INITIATIVES, {"q": "ecole"}).content.decode(), proposed):
        assert "&lt;b&gt;<mark>École</mark>&lt;/b&gt; &amp; &lt;script&gt;" in html
        assert "<img src=x" not in html
    assert "<script>" not in html_of(client, '"><script>x</script>')


def test_proposals_are_titles_and_lead_to_them(city, client):
    factories.make_initiative(city, "reading", title_fr="Lire ensemble", summary_fr="Un potager.")
    factories.make_page("read", title_fr="Lire ce site")
    with override("fr"):
        html = client.get(reverse("proposals"), {"q": "lire"}).content.decode()
        assert html.count('role="option"') == 2
        assert 'data-href="/fr/initiatives/reading/"' in html
        assert "potager" not in client.get(reverse("proposals"), {"q": "potager"}).content.decode()
        for words in ("", "l", "  ", "\0", "?"):
            assert not client.get(reverse("proposals"), {"q": words}).content.strip()


def test_titles_of_the_page_s_language_are_proposed_first(city, client):
    factories.make_initiative(city, "french", title_fr="Chanter")
    factories.make_initiative(city, "english", title_fr="Enfants", title_en="Children")
    for language, first in (("fr", "french"), ("en", "english")):
        with override(language):
            html = client.get(reverse("proposals"), {"q": "ch"}).content.decode()
        assert re.findall(r"initiatives/(\w+)/", html)[0] == first


def test_a_city_is_proposed_by_the_sound_of_its_name(client):
    factories.make_city(slug="chefchaouen", name_fr="Chefchaouen")
    with override("fr"):
        assert "Chefchaouen" in client.get(reverse("proposals"), {"q": "Chafchawen"}).content.decode()
        assert "Chefchaouen" not in client.get(reverse("proposals"), {"q": "Marrakech"}).content.decode()


@pytest.mark.parametrize("query", ["q=%00", "q=%22", "q=*", "q=a%22%20OR%20b", "q=%25_%5C", "q=(", "q=-x", "q=NEAR"])
def test_no_question_breaks_the_search(city, client, query):
    with override("ar"):
        for name in ("search", "proposals"):
            assert client.get(f"{reverse(name)}?{query}&page=-1&kind=city").status_code == 200


def test_the_search_is_for_visitors_and_not_for_search_engines(city, client):
    response = search(client, "azrou")
    assert '<meta name="robots" content="noindex, follow">' in response.content.decode()
    assert not response.cookies
    assert client.post(reverse("search")).status_code in (200, 403, 405)
