"""What is new, for feed readers: Atom (RFC 4287)."""

from uuid import uuid5

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from learningcities import bounds

from .columns import printable


class Feed(Atom1Feed):
    """Each entry says the language its title is really in."""

    def item_attributes(self, item):
        return {"xml:lang": item["language"]}


def as_atom(export):
    feed = Feed(
        title=f"{export.title} · {export.publisher}",
        link=export.address,
        description=None,
        language=export.language,
        author_name=export.publisher,
        feed_url=export.address_as("atom"),
    )
    for row, record in export.newest(bounds.FEED_ENTRIES, "url"):
        title = str(row)
        feed.add_item(
            title=printable(title),
            link=record["url"],
            # Summaries are plain text, which a feed states as HTML.
            description=escape(printable(row.summary)),
            # The same for ever, whatever becomes of its address; another one in each language.
            unique_id=uuid5(row.uuid, export.language).urn,
            pubdate=row.public_from,
            updateddate=row.changed_at,
            categories=[printable(name) for name in export.categories(record)],
            language=getattr(title, "language", export.language),
        )
    yield feed.writeString("utf-8")
