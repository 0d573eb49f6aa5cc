"""What machines are told of an initiative: a Project of schema.org, which is a kind of Organization."""

from django.utils.translation import gettext as _

from cities.linked_data import image, place
from learningcities.pages.linked_data import brief, identity, item_page, node, text


def initiative_page(head, shown, list_path):
    """An initiative and its page, which shows these things of it."""
    initiative = shown["item"]
    city = brief(head, "City", initiative.city)
    about = node(
        "Project",
        identity(head, initiative),
        name=text(initiative.title),
        description=text(initiative.summary),
        url=head.url,
        sameAs=initiative.website,
        image=image(head, initiative),
        foundingDate=initiative.start,
        dissolutionDate=initiative.end,
        areaServed=city,
        location=[place(head, row) for row in shown["places"]] or {"@id": city["@id"]},
        member=[node("Organization", name=text(row.name), url=row.website) for row in shown["partners"]],
        keywords=keywords(shown["terms"]),
    )
    city_step = initiative.city.name, initiative.city.get_absolute_url()
    return item_page(head, about, (_("Initiatives"), list_path), city_step)


def keywords(terms):
    """Its terms, each with its vocabulary. Audiences are among them, since a Project has none of its own."""
    vocabularies = {
        "themes": _("Themes"),
        "sdgs": _("Sustainable Development Goals"),
        "audiences": _("For whom"),
        "key_features": _("Key features of learning cities"),
    }
    return [
        node(
            "DefinedTerm", name=text(term.name), termCode=term.slug, inDefinedTermSet=node("DefinedTermSet", name=name)
        )
        for vocabulary, name in vocabularies.items()
        for term in terms.get(vocabulary, [])
    ]
