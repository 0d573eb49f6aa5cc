"""The comments on an item, for the staff who may see it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.workflow.comment import Comment
from learningcities.publishing.workflow.steps import ITEM_STEPS, Situation, releases
from learningcities.web.primary_keys import chosen


class Words(forms.CharField):
    """A browser counts the end of a line once, and sends it as two characters."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class CommentForm(forms.Form):
    text = Words(
        label=_("your remark"),
        max_length=bounds.COMMENT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write a few words first: nothing was sent.")},
    )


class LockForm(forms.Form):
    reason = forms.CharField(
        label=_("the reason (optional)"),
        required=False,
        max_length=PageLock._meta.get_field("reason").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )


class CommentsAdmin:
    """For an ItemAdmin: who may see the item reads its comments, writes some, resolves them and opens them again."""

    def get_urls(self):
        return [self.step_path("<int:object_id>/comments/", self.comments_view, "comments"), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["open_comments"] = Comment.objects.of(obj).open().count() if obj else 0
        situation = Situation(request.user, obj)
        context["lock"] = lock = situation.lock if obj else None
        context["release"] = lock and releases(situation) and ITEM_STEPS["release"]
        # Whoever has typed something keeps the buttons: the page may be free in a minute.
        context["is_closed"] = bool(lock and lock.by != request.user and request.method == "GET")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def comments_view(self, request, object_id):
        item = get_object_or_404(self.get_queryset(request), pk=object_id)
        situation = Situation(request.user, item)
        if not ITEM_STEPS["comment"].may(situation):
            raise PermissionDenied
        if key := request.POST.get("resolve"):
            return self.resolve(request, item, key)
        if key := request.POST.get("reopen"):
            return self.reopen(request, item, key)
        step = request.POST.get("lock")
        if step == "release":
            return self.take_with_lock(request, "release", situation)
        form, lock_form = CommentForm(), LockForm()
        if step:
            lock_form = LockForm(request.POST)
            if lock_form.is_valid():
                return self.take_with_lock(request, "lock", situation, **lock_form.cleaned_data)
        elif request.method == "POST":
            form = CommentForm(request.POST)
            if form.is_valid():
                return self.write(request, item, form.cleaned_data["text"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Remarks: %s") % item,
            "opts": self.opts,
            "object": item,
            "comments": Comment.objects.of(item).select_related("author", "resolved_by"),
            "form": form,
            "lock": situation.lock,
            "lock_form": lock_form,
            "steps": {name: step for name, step in ITEM_STEPS.items() if step.is_offered(situation)},
            "days": bounds.PAGE_LOCK_LASTS.days,
        }
        return TemplateResponse(request, "admin/publishing/comments.html", context)

    def write(self, request, item, text):
        try:
            comment = Comment.write(item, request.user, text)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.address("changelist"))
        messages.success(request, _("Your remark is sent, and those concerned are told by e-mail."))
        return redirect(f"{request.path}#remark-{comment.pk}")

    def resolve(self, request, item, key):
        comment = chosen(Comment.objects.of(item), key)
        if Comment.objects.filter(pk=comment.pk).resolve(request.user):
            messages.success(request, _("The remark is settled."))
        else:
            messages.info(request, _("Someone has settled this remark already."))
        return redirect(f"{request.path}#remark-{comment.pk}")

    def reopen(self, request, item, key):
        comment = chosen(Comment.objects.of(item), key)
        Comment.objects.filter(pk=comment.pk).reopen()
        messages.success(request, _("The remark is open again."))
        return redirect(f"{request.path}#remark-{comment.pk}")

    def take_with_lock(self, request, name, situation, **data):
        try:
            messages.success(request, ITEM_STEPS[name].take(situation, **data))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(f"{request.path}#hold")
