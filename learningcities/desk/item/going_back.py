"""The way back to an earlier page: first what would change and what would be lost, then the step."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.patches.patch_display import in_order, label, names_in
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.steps import HISTORY_STEPS
from learningcities.publishing.workflow.way_back import WayBack, is_drafted
from learningcities.text.translation import listed
from learningcities.web.primary_keys import chosen

from .beside_item import PageBesideItem
from .moments import Reading, part_names, title_and_lines

IN_DRAFT = _("The earlier words are in your draft. Visitors see the page as it was.")
IN_PLACE = _("The earlier words are back.")
NOT_BACK = _("It can't be brought back. %s")


class GoingBack(PageBesideItem):
    """One act of the record, and the ways to take it back: alone, or with all that came later."""

    def __init__(self, row_admin, request, object_id, change_id):
        super().__init__(row_admin, request, object_id)
        self.change_id = change_id

    def respond(self):
        with transaction.atomic():
            # What is listed is what is there once nobody else writes.
            ContentVersion.lock_writes()
            super().__init__(self.admin, self.request, self.item.pk)
            if not HISTORY_STEPS["restore"].may(self.situation):
                raise PermissionDenied
            record = Change.objects.of(self.item)
            self.change = chosen(record.happened(), str(self.change_id))
            if self.change == record.beginning():
                raise PermissionDenied
            self.ways = {name: WayBack(self.item, self.user, self.change, name) for name in ("undo", "restore")}
            return self.go() if self.request.method == "POST" else self.list()

    def list(self):
        newest = self.ways["restore"].newest
        offered = {name: way for name, way in self.ways.items() if name == "restore" or newest != self.change}
        context = {
            **self.frame(_("Go back: %s")),
            "change": self.change,
            "seen": newest.pk,
            "closed": Reading(self.situation).closed,
            "ways": [(HISTORY_STEPS[name], way, *self.losses(way), self.left(way)) for name, way in offered.items()],
            "happened_address": self.address(f"change-{self.change.pk}"),
        }
        return TemplateResponse(self.request, "admin/publishing/go_back.html", context)

    def losses(self, way):
        """What would be lost of others, and what else would change: each a Loss with its lines."""
        losses = {loss.key: loss for loss in way.losses}
        patch = {key: [loss.now, loss.then] for key, loss in losses.items()}
        names, parts = names_in(self.model, [patch]), part_names(self.model, [patch])
        shown = [
            (losses[key], *title_and_lines(self.model, key, *patch[key], names, parts))
            for key in in_order(self.model, patch)
        ]
        others, own = ([pair for pair in shown if (pair[0].by == self.user) is mine] for mine in (False, True))
        return others, own

    def left(self, way):
        """What stays as it is, since it was changed again."""
        return listed(dict.fromkeys(str(label(self.model, key)) or key for key in way.clashing))

    def go(self):
        way = self.ways.get(self.request.POST.get("step"))
        if way is None:
            raise PermissionDenied
        if self.request.POST.get("seen") != str(way.newest.pk):
            messages.warning(self.request, _("The page has changed meanwhile. Look again at what would be lost."))
            return redirect(self.request.path)
        try:
            with transaction.atomic():
                is_done = way.go()
        except ValidationError as error:
            messages.error(self.request, NOT_BACK % " ".join(error.messages))
        else:
            self.say(way, is_done)
        return redirect(self.admin.address("change"), self.item.pk)

    def say(self, way, is_done):
        if way.refused:
            messages.warning(self.request, way.refused)
        if left := self.left(way):
            text = _("Changed again since, and left as it is: %(fields)s.")
            messages.warning(self.request, text % {"fields": left})
        if not is_done:
            messages.info(self.request, _("There was nothing to undo."))
        else:
            messages.success(self.request, IN_DRAFT if is_drafted(self.item) else IN_PLACE)
