"""What the buttons of the page of a row do, by the table of steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError

from learningcities.publishing.workflow.steps import CHANGE_STEPS, ITEM_STEPS, Situation

from .item_view import ItemView

CHOICE = "_choice "


class StepView(ItemView):
    """What the other buttons of the page do, by the table of steps."""

    def post(self, request):
        name = request.POST.get("step", "")
        if name == "decide":
            return self.decide(request)
        if name == "discard":
            return self.discard(request)
        step = ITEM_STEPS.get(name)
        if step is None or step.act is None or step.needs or name == "publish" or not step.is_offered(self.situation):
            raise PermissionDenied
        data = {"reason": request.POST.get("reason", "")} if name == "lock" else {}
        try:
            if sentence := step.take(self.situation, **data):
                messages.success(request, sentence)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.to_outline()

    def decide(self, request):
        choices = {name.removeprefix(CHOICE): side for name, side in request.POST.items() if name.startswith(CHOICE)}
        try:
            self.editing.decide(choices, request.POST.get("seen", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.to_outline()

    def discard(self, request):
        if not self.editing.draft:
            return self.to_outline()
        step = CHANGE_STEPS["discard"]
        try:
            messages.success(request, step.take(Situation(request.user, self.item, self.editing.draft)))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.to_outline()
