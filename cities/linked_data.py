"""What machines are told of a city (schema.org)."""

from django.utils.translation import gettext as _

from learningcities.pages.linked_data import brief, identity, item_page, node, text


def city_page(head, shown, list_path):
    """A city and its page, which shows these things of it."""
    about = described(head, shown["item"], shown["places"], shown["recognitions"])
    initiatives = [brief(head, "Project", initiative) for initiative in shown["initiatives"]]
    return item_page(head, about, (_("Cities"), list_path), mentions=initiatives)


def described(head, city, places, recognitions):
    spellings = [name.strip() for name in city.also_known_as.split(",") if name.strip()]
    return node(
        "City",
        identity(head, city),
        name=text(city.name),
        alternateName=[text(name) for name in city.other_names] + spellings,
        description=text(city.summary),
        url=head.url,
        sameAs=city.website,
        image=image(head, city),
        geo=coordinates(city),
        telephone=city.contact_phone,
        containedInPlace=territory(city),
        containsPlace=[place(head, row) for row in places],
        subjectOf=[claim(row) for row in recognitions],
    )


def image(head, item):
    """The cover that the page shows, or the drawing that stands for it."""
    photo = item.shown_cover
    return head.addresses.absolute(photo.file.url) if photo else head.image.url


def coordinates(row):
    if not row.is_located:
        return None
    return node("GeoCoordinates", latitude=float(row.latitude), longitude=float(row.longitude))


def territory(city):
    """The province, in the region, in the country."""
    country = node("Country", name=text(city.region.country.name))
    region = node("AdministrativeArea", name=text(city.region.name), containedInPlace=country)
    if not city.province:
        return region
    return node("AdministrativeArea", name=text(city.province), containedInPlace=region)


def place(head, row):
    return node(
        "Place",
        name=text(row.name),
        description=text(row.text),
        url=head.addresses.absolute(row.get_absolute_url()),
        sameAs=row.website,
        geo=coordinates(row),
    )


def claim(recognition):
    """A recognition is what its source says: schema.org gives awards to people and works, not to places."""
    return node(
        "Claim",
        name=text(recognition.title),
        text=text(recognition.text),
        temporalCoverage=recognition.date,
        appearance=node("CreativeWork", name=text(recognition.source), url=recognition.source_url),
    )
