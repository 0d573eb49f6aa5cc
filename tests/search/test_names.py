"""What is spelled as it was typed comes first; what only sounds alike is a question, and never an answer."""

import re
import unicodedata

import pytest
from django.urls import reverse
from django.utils.translation import override

from cities.models import City
from learningcities.publishing.version import content_version
from learningcities.search.indexed import index_missing
from tests import factories

pytestmark = pytest.mark.django_db

#: Cities as their people, French, Arabic or English readers write them: each name by itself, or in two or three
#: languages of one city.
CITIES = """
Aswan = أسوان = Assouan; Suwon; Ankara; Le Caire = القاهرة = Cairo; Gizeh = الجيزة = Giza
Damiette = دمياط = Damietta; Chefchaouen = شفشاون; Laâyoune = العيون; Benguerir = ابن جرير; Bursa; Tunis = تونس
Sousse = سوسة; Mahdia = المهدية; Alexandrie = الإسكندرية = Alexandria; Fayoum = الفيوم; Djeddah = جدة = Jeddah
Yanbu = ينبع; Riyad = الرياض = Riyadh; Al-Ahsa = الأحساء; Doha = الدوحة; Al Wakrah = الوكرة; Al Rayyan = الريان
Charjah = الشارقة = Sharjah; Koweït = الكويت; Dubaï = دبي = Dubai; Abou Dhabi = أبو ظبي = Abu Dhabi
Amman = عمّان; Irbid = إربد; Ramallah = رام الله; Bethléem = بيت لحم; Hébron = الخليل = Hebron
Bagdad = بغداد = Baghdad; Nadjaf = النجف = Najaf; Erbil = أربيل; Beyrouth = بيروت = Beirut
Damas = دمشق = Damascus; Nouakchott = نواكشوط; Khartoum = الخرطوم; Kairouan = القيروان; Gafsa = قفصة
Sfax = صفاقس; Pékin = بكين = Beijing; Shanghai; Hangzhou; Wuhan; Chengdu; Taiyuan; Changzhou; Shenzhen; Xi'an
Goyang; Osan; Paju; Namyangju; Busan; Seo-gu; Gwangmyeong; Uijeongbu; Daegu; Okayama; Saga; Hanoï; Vinh
Sa Déc = Sa Dec; Cao Lãnh; Chiang Mai; Chiang Rai; Phuket; Khon Kaen; Bandung; Surabaya; Kuala Lumpur; Penang
Petaling Jaya; Delhi; Ludhiana; Téhéran = طهران = Tehran; Shiraz = شيراز; Mashhad = مشهد; Hamedan; Islamabad
Kaboul = كابول = Kabul; Tachkent = Tashkent; Bakou = Baku; Erevan = Yerevan; Tbilissi = Tbilisi; Almaty
Melbourne; Melton; Wyndham; Hume; Circular Head; Athènes = أثينا = Athens; Larissa; Thessalonique = Thessaloniki
Trikala; Héraklion = Heraklion; Korydallos; Nicosie = Nicosia; Lisbonne = لشبونة = Lisbon; Évora
Câmara de Lobos; Cascais; Mação; Braga; Pombal; Setúbal; Gondomar; Alcobaça; Águeda; Loures; Loulé; Lagoa; Ourém
Batalha; Cantanhede; Coruche; Praia da Vitória; Barcelona = Barcelone; Viladecans; Manresa
Sant Cugat del Vallès; Málaga; Seville = Séville; L'Hospitalet de Llobregat; Pampelune = Pamplona; Turin; Fermo
Palerme = Palermo; Trieste; Lucca; Rome = روما; Milan = ميلانو; Naples = نابولي; Évry-Courcouronnes
Clermont-Ferrand; Montpellier; Strasbourg; Lyon = ليون; Marseille = مرسيليا; Nantes; Nîmes; Besançon
Saint-Étienne; Orléans; Genève = جنيف = Geneva; Lausanne; Bruxelles = بروكسل = Brussels; Liège; Gand = Ghent
Cork; Limerick; Dublin; Belfast; Derry; Swansea; Glasgow; Bristol; Inverclyde; Édimbourg = Edinburgh; Norwich
Espoo; Tampere; Jyväskylä; Lappeenranta; Malmö; Göteborg; Linköping; Sønderborg; Tønsberg; Reykjavik; Tallinn
Rīga; Jelgava; Gdynia; Łódź; Kraków = Cracovie; Olomouc; Pécs; Budapest; Orestiada; Ptuj; Velenje; Zagreb
Sarajevo; Tirana; Bucarest = Bucharest; Sofia; Kyiv; Mykolaïv; Balıkesir; Eskişehir; İzmir; Çorum; Beyoğlu
Hambourg = Hamburg; Bonn; Gelsenkirchen; Bremen = Brême; Nuremberg; Graz; Vienne = Vienna; Québec; Montréal
Bogotá; Medellín; São Paulo; Brasília; Santos; Contagem; México; Querétaro; Santiago; Valdivia; Rosario
Villa María; Cuenca; Quito; Lima; San José; La Havane = Havana; Dakar = داكار; Bamako; Niamey; N'Zérékoré
Yamoussoukro; Accra; Lagos; Nairobi; Kigali
"""
SPELLED = [[name.strip() for name in city.split("=")] for city in re.split("[;\n]", CITIES.strip())]
NAMES = [name for names in SPELLED for name in names]


@pytest.fixture(scope="module")
def network(module_db):
    region, now = factories.make_region(), content_version.moment()
    City.objects.bulk_create(
        City(region=region, slug=f"c-{number}", public_from=now, **named(names)) for number, names in enumerate(SPELLED)
    )
    index_missing()
    content_version.ContentVersion.bump()


def named(names):
    """The fields of a city for names of one to three languages."""
    latin = [name for name in names if name.translate(MARKS)[0] < "\u0600"]
    arabic = [name for name in names if name not in latin]
    return {"name_fr": latin[0], "name_ar": "".join(arabic), "name_en": latin[-1]}


MARKS = dict.fromkeys(range(0x300, 0x370))


def plain(name):
    """A name as it is typed in a hurry, without accents, marks and hamza."""
    letters = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("ø", "o").replace("Ł", "L"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("ة", "ه")


def first(client, words):
    """The names of the city that the list has first."""
    rows = client.get("/fr/villes/", {"q": words}).context["page"].object_list
    return {rows[0].name_fr, rows[0].name_ar, rows[0].name_en} if rows else set()


def search(client, words, language="fr"):
    with override(language):
        return client.get(reverse("search"), {"q": words})


def question(response):
    link = re.search(r'class="correction">.*?<a href="([^"]+)"><bdi>(.*?)</bdi>', response.content.decode())
    return link and link[2]


def proposed(client, words, language="fr"):
    with override(language):
        html = client.get(reverse("proposals"), {"q": words}).content.decode()
    return [re.sub("<[^>]+>", "", heading) for heading in re.findall(r"<span[^>]*>(.*?)</span>", html)]


def test_more_than_two_hundred_names_are_tried():
    assert len(SPELLED) >= 200
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("spelling", [str, plain, lambda name: plain(name).lower()], ids=["written", "plain", "lower"])
def test_a_city_whose_name_is_typed_comes_first(network, client, spelling):
    wrong = [name for name in NAMES if name not in first(client, spelling(name))]
    assert wrong == []


def test_it_comes_first_in_the_search_of_everything_and_while_typing(network, client):
    for name in NAMES[::6]:
        kinds = search(client, name).context["kinds"]
        assert name in {kinds[0].rows[0].name_fr, kinds[0].rows[0].name_ar, kinds[0].rows[0].name_en}
        with override("fr"):
            address = City.objects.get(pk=kinds[0].rows[0].pk).get_absolute_url()
            html = client.get(reverse("proposals"), {"q": name}).content.decode()
        assert re.findall('data-href="([^"]+)"', html)[0] == address, name


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Alger", {"Le Caire", "Al Wakrah"}),
        ("Paris", {"Bursa"}),
        ("Melun", {"Milan"}),
        ("Trani", {"Turin", "Téhéran", "Tirana"}),
    ],
)
def test_a_name_that_is_not_there_finds_nothing_that_only_sounds_alike_but_a_question(network, client, typed, meant):
    response = search(client, typed)
    assert response.context["count"] == 0
    assert question(response) in meant
    listed = client.get("/fr/villes/", {"q": typed})
    assert not listed.context["page"].object_list
    assert question(listed) == question(response)
    assert search(client, question(response)).context["count"] >= 1
    assert proposed(client, typed) == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [("Chafchawen", "Chefchaouen"), ("Bengrir", "Benguerir"), ("Kayrouan", "Kairouan"), ("Tachkant", "Tachkent")],
)
def test_a_name_in_another_spelling_is_found_and_proposed(network, client, typed, written):
    assert written in first(client, typed)
    assert written in proposed(client, typed)


def test_few_results_bring_a_question_where_no_title_or_summary_has_the_word(network, client):
    city = City.objects.get(name_fr="Accra")
    city.body_fr = "<p>Une bibliotèque, un jardin partagé.</p>"
    city.summary_fr = "Une bibliothèque."
    city.save()
    response = search(client, "bibliotèque")
    assert response.context["count"] == 1
    assert question(response) == "bibliothèque"
    assert question(client.get("/fr/villes/", {"q": "bibliotèque"})) == "bibliothèque"
    assert question(search(client, "bibliothèque")) is None
    assert question(search(client, "jardin")) is None


def test_titles_that_begin_with_what_was_typed_are_proposed_first_and_cities_before_the_rest(network, client):
    city = City.objects.get(name_fr="Benguerir")
    factories.make_initiative(city, "needs", title_fr="Besoins d’apprendre")
    factories.make_initiative(city, "middle", title_fr="Les besoins")
    headings = proposed(client, "be")
    assert [name.startswith("Be") for name in headings] == sorted(
        (name.startswith("Be") for name in headings), reverse=True
    )
    assert headings.index("Besoins d’apprendre") == 4
    assert all(City.objects.filter(name_fr=name).exists() for name in headings[:4])


def test_a_passage_is_in_the_reader_s_language_where_one_says_it(network, client):
    factories.make_initiative(
        City.objects.get(name_fr="Chefchaouen"),
        "blue",
        title_fr="Une route",
        title_ar="طريق",
        context_fr="<p>Elle passe par Chefchaouen la bleue.</p>",
        context_ar="<p>تمر الطريق عبر شفشاون الزرقاء.</p>",
    )
    for language, passage in (("fr", "par <mark>Chefchaouen</mark>"), ("ar", "عبر <mark>شفشاون</mark>")):
        for typed in ("شفشاون", "Chefchaouen"):
            assert passage in search(client, typed, language).content.decode()


def test_two_cities_of_one_name_are_told_apart_by_their_country(network, client):
    abroad = factories.make_region("abroad", country=factories.make_country("fr", name_fr="France"))
    factories.make_city("other-sousse", name_fr="Sousse", region=abroad)
    home = City.objects.get(slug="c-13").region.country.name_fr
    with override("fr"):
        proposals = client.get(reverse("proposals"), {"q": "sousse"}).content.decode()
    for html in (proposals, search(client, "sousse").content.decode()):
        assert home != "France"
        assert {home, "France"} <= {
            re.sub("<[^>]+>", "", part) for part in re.findall("<(?:bdi|p class=.meta.)[^>]*>[^<]*", html)
        }
