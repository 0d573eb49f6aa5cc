"""What is new, for feed readers: Atom (RFC 4287)."""

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from .columns import printable

NEWEST = 50
#: The year from which our tag addresses (RFC 4151) count; it never changes, or readers would show everything anew.
SINCE = 2026


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
    for row, record in export.newest(NEWEST):
        title = str(row)
        feed.add_item(
            title=printable(title),
            link=record["url"],
            # Summaries are plain text, which a feed states as HTML.
            description=escape(printable(row.summary)),
            unique_id=f"tag:{export.host},{SINCE}:{export.language}/{row._meta.model_name}/{row.pk}",
            pubdate=row.public_from,
            updateddate=row.changed_at,
            categories=[printable(name) for name in export.categories(record)],
            language=getattr(title, "language", export.language),
        )
    yield feed.writeString("utf-8")
