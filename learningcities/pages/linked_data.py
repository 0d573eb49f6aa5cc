"""Linked data (JSON-LD, in the words of schema.org): for machines, what the page shows to people, and no more."""

from functools import cache

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override

from learningcities.publishing.version.version_cache import BoundedCache, cached
from learningcities.text.translation import FIRST_LANGUAGE

#: Written out, so that a reader needs no other host to understand a page.
CONTEXT = {
    "@vocab": "https://schema.org/",
    **{name: {"@type": "@id"} for name in ("url", "sameAs", "image", "logo", "item")},
}


def document(*nodes):
    return {"@context": CONTEXT, "@graph": list(nodes)}


def node(kind, at=None, **properties):
    """A thing with what is known of it."""
    known = {name: value for name, value in properties.items() if value not in (None, "", [], {})}
    return {"@type": kind, **({"@id": at} if at else {}), **known}


def text(value):
    """A text; where it isn't in the reader's language, together with its own."""
    language = getattr(value, "language", None)
    return str(value) if not language or language == get_language() else {"@value": str(value), "@language": language}


def identity(head, item):
    """What an item is called in every language: its address in the site's first one, and what it is."""
    with override(FIRST_LANGUAGE):
        return head.addresses.absolute(f"{item.get_absolute_url()}#{item._meta.model_name}")


def brief(head, kind, item):
    """An item named on another page."""
    url = head.addresses.absolute(item.get_absolute_url())
    return node(kind, identity(head, item), name=text(item.heading), url=url)


def page(head, kind="WebPage", **properties):
    """The page itself."""
    return node(
        kind,
        head.url,
        url=head.url,
        name=text(head.title),
        description=text(head.description),
        inLanguage=get_language(),
        isPartOf={"@id": site_id(head)},
        dateModified=head.changed_at and head.changed_at.isoformat(),
        primaryImageOfPage=node("ImageObject", url=head.image.url, width=head.image.width, height=head.image.height),
        **properties,
    )


def item_page(head, about, *steps, **properties):
    """An item and its page, with the way there from its list."""
    main = {"@id": about["@id"]}
    return document(page(head, mainEntity=main, breadcrumb=breadcrumb(head, *steps), **properties), about)


def breadcrumb(head, *steps):
    """The way from the list to the page, as (name, path)."""
    places = [(name, head.addresses.absolute(path)) for name, path in steps] + [(head.title, head.url)]
    items = [
        node("ListItem", position=position, name=text(name), item=url)
        for position, (name, url) in enumerate(places, start=1)
    ]
    return node("BreadcrumbList", itemListElement=items)


def collection(head, shown, rows):
    """A page of a list: each row that it names by its place in the whole list."""
    first = shown.start_index() or 1
    named = cached(("named", get_language()), lambda moment: BoundedCache(1000))
    items = []
    for position, item in enumerate(rows, start=first):
        key = type(item), item.pk
        name, path = named.get(key) or named.store(key, (text(item.heading), item.get_absolute_url()))
        items.append(node("ListItem", position=position, name=name, url=head.addresses.absolute(path)))
    item_list = node("ItemList", numberOfItems=shown.paginator.count, itemListElement=items)
    return page(head, "CollectionPage", mainEntity=item_list)


def site_id(head, part="site"):
    return head.addresses.absolute(f"{first_home()}#{part}")


@cache
def first_home():
    with override(FIRST_LANGUAGE):
        return reverse("home")


def network_id(head):
    return site_id(head, "network")


def website(head):
    """The site and the network that publishes it."""
    texts = head.site.text
    network = node(
        "Organization",
        network_id(head),
        name=text(head.site_name),
        description=text(texts.get("home_lead", "")),
        url=head.url,
        logo=head.addresses.absolute(static("img/khatam.svg")),
    )
    site = node(
        "WebSite",
        site_id(head),
        name=text(head.site_name),
        alternateName=text(texts.get("site_tagline", "")),
        url=head.url,
        inLanguage=get_language(),
        publisher={"@id": network["@id"]},
        potentialAction=search_action(head),
    )
    return [site, network]


def search_action(head):
    target = head.addresses.absolute(reverse("search")) + "?q={search_term_string}"
    return {
        **node("SearchAction", target=node("EntryPoint", urlTemplate=target)),
        "query-input": "required name=search_term_string",
    }
