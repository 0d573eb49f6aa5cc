"""What waits for someone: what was returned to them, what they decide, what colleagues and visitors say."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learningcities import bounds
from learningcities.publishing.workflow.change import Change, Step
from learningcities.publishing.workflow.comment import Comment
from learningcities.publishing.workflow.steps import Situation, decides
from learningcities.reports.models import Report

from .last_work import last_key
from .look import Shown, with_items


@dataclass
class Notice(Shown):
    """One thing that waits: who says what of a row, and the link that leads to where it is dealt with."""

    said: str
    at: object
    words: str
    address: str
    verb: str


@dataclass
class Group:
    """The things of one kind: how many there are, a clause that says so, the first of them, and the list of all."""

    name: str
    number: int
    clause: str
    notices: list
    address: str

    @property
    def more(self):
        return self.number - len(self.notices)


def groups_for(site, user):
    """What waits for someone, the most urgent first."""
    groups = [returned(site, user), decisions(user), comments(site, user), requests(site, user), reports(user)]
    return [group for group in groups if group and group.number]


def returned(site, user):
    changes = Change.objects.filter(author=user, state=Change.State.RETURNED)
    number, rows = first_of(changes.select_related("decided_by"), "-decided_at")
    return Group(
        "returned",
        number,
        ngettext("a page came back to you", "%(count)d pages came back to you", number) % {"count": number},
        [
            Notice(
                change.item,
                said_by(_("Returned by %(person)s"), _("Returned to you"), change.decided_by),
                change.decided_at,
                change.last_words,
                site.field_address(change.item, last_key(change)),
                _("Go on with this page"),
            )
            for change in rows
        ],
        changes_address(state__exact=Change.State.RETURNED, author__id__exact=user.pk),
    )


def decisions(user):
    if not decides(Situation(user)):
        return None
    waiting = Change.objects.seen_by(user).waiting()
    number, rows = first_of(waiting.select_related("author"), "created_at")
    return Group(
        "decide",
        number,
        ngettext("a change waits for your decision", "%(count)d changes wait for your decision", number)
        % {"count": number},
        [
            Notice(
                change.item,
                said_by(_("Sent by %(person)s"), _("Sent for review"), change.author),
                change.created_at,
                change.last_words,
                reverse("admin:publishing_change_change", args=[change.pk]),
                _("Look at the change"),
            )
            for change in rows
        ],
        changes_address(state__exact=Change.State.REVIEW),
    )


def comments(site, user):
    remarks = of_kind(user, Comment.Kind.REMARK)
    number = remarks.count()
    return Group(
        "comments",
        number,
        ngettext("a remark waits for your answer", "%(count)d remarks wait for your answer", number)
        % {"count": number},
        [
            comment_notice(site, comment, _("Remark by %(person)s"), _("Remark"), _("Write an answer"))
            for comment in first_comments(remarks)
        ],
        comments_address(Comment.Kind.REMARK),
    )


def requests(site, user):
    """What colleagues ask to be taken out of the bin."""
    asked = of_kind(user, Comment.Kind.BIN)
    number = asked.count()
    return Group(
        "requests",
        number,
        ngettext("a page is wished back from the bin", "%(count)d pages are wished back from the bin", number)
        % {"count": number},
        [
            comment_notice(site, comment, _("Asked by %(person)s"), _("Asked"), _("Look at the page"))
            for comment in first_comments(asked)
        ],
        comments_address(Comment.Kind.BIN),
    )


def of_kind(user, kind):
    return Comment.objects.to_read(user).filter(kind=kind)


def first_comments(comments):
    return with_items(comments.select_related("author").order_by("-at", "-pk"))[: bounds.DESK_NOTICES]


def comment_notice(site, comment, said, without, verb):
    place = f"remark-{comment.pk}"
    address = f"{site.address(comment.item, 'happened')}?at={place}#{place}"
    return Notice(comment.item, said_by(said, without, comment.author), comment.at, comment.text, address, verb)


def comments_address(kind):
    return f"{reverse('admin:publishing_comment_changelist')}?state=to_read&kind__exact={kind}"


def reports(user):
    new = Report.objects.edited_by(user).open()
    number = new.count()
    return Group(
        "reports",
        number,
        ngettext("a visitor reports an error", "visitors report %(count)d errors", number) % {"count": number},
        [
            Notice(
                report.item or report,
                _("A visitor reports an error"),
                report.created_at,
                report.message,
                reverse("admin:reports_report_change", args=[report.pk]),
                _("Look at the report"),
            )
            for report in with_items(new)[: bounds.DESK_NOTICES]
        ],
        f"{reverse('admin:reports_report_changelist')}?state__exact=new",
    )


def first_of(changes, order):
    """How many changes there are, and the first of them that are about something, with the word of their last step."""
    words = Step.objects.filter(change=OuterRef("pk")).order_by("-pk").values("comment")[:1]
    rows = with_items(changes.annotate(last_words=Subquery(words)).order_by(order, "pk"))
    return changes.count(), [change for change in rows[: bounds.DESK_NOTICES] if change.item]


def said_by(sentence, without, person):
    return sentence % {"person": person} if person else without


def changes_address(**query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('admin:publishing_change_changelist')}?{asked}"
