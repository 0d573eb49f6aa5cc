"""What a coordinator says of a change: what is agreed, what is to be looked at again, from when and until when."""

from datetime import datetime

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.desk.moment_field import MomentField, check_to_come
from learningcities.publishing.version.content_version import moment

AGREED, AGAIN = "agreed", "again"
READING = [(AGREED, _("Agreed")), (AGAIN, _("Look again"))]
NOW, LATER = "now", "later"
NOT_READ = _("Not read yet: agree to it or not, here, or publish all of it with the other button.")
STILL_AGAIN = _("This is to be looked at again. Publish what is agreed, or agree to it here.")
NOTHING_AGREED = _("Nothing is agreed yet. To give all of it back, return it.")
PART_LATER = _("A part is published now. To publish at a time, agree to all of it, or return it.")


def word(label, rows):
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, required=False, max_length=bounds.COMMENT_CHARACTERS, widget=widget)


class DecisionForm(forms.Form):
    """What goes along with a coordinator's decision; `read` are the sections that they say something of."""

    #: What goes with a return, and with a publication.
    comment = word(_("a word to the author"), 3)
    note = word(_("a word to the author"), 2)
    when = forms.ChoiceField(
        label=_("When"), choices=[(NOW, _("Now")), (LATER, _("From"))], widget=forms.RadioSelect, required=False
    )
    due = MomentField(required=False)
    ends = forms.BooleanField(label=_("Until"), required=False)
    until = MomentField(required=False)
    #: The moments about which its reader has been told what visitors will see.
    told = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, change=None, read=()):
        super().__init__(data, initial=wish(change))
        self.read = read
        for section in read:
            widget = forms.RadioSelect()
            self.fields[f"read_{section.name}"] = forms.ChoiceField(choices=READING, widget=widget, required=False)
            self.fields[f"word_{section.name}"] = word(_("What is to be looked at again"), 2)

    @property
    def pressed(self):
        return self.data.get("step")

    @property
    def is_later(self):
        return self.data.get("when") == LATER or self.pressed == "schedule"

    @property
    def step(self):
        """The name of the step that is taken by the button and what was chosen with it."""
        if self.pressed not in ("apply", "publish"):
            return self.pressed
        if self.pressed == "publish" and self.sections_said(AGAIN):
            return "publish"
        return "schedule" if self.is_later else "apply"

    def said(self, section):
        return self.data.get(f"read_{section.name}") if self.is_bound else None

    def sections_said(self, *answers):
        return [section for section in self.read if self.said(section) in answers]

    def clean(self):
        if self.pressed == "publish":
            self.check_read()
        if self.pressed == "apply":
            for section in self.sections_said(AGAIN):
                self.add_error(f"read_{section.name}", STILL_AGAIN)
        if self.pressed == "return" and not self.cleaned_data.get("comment") and not self.words:
            self.add_error("comment", _("Say in a few words why, so that its author can mend it."))
        if self.pressed in ("apply", "publish", "schedule", "tell"):
            self.check_moments()

    def check_read(self):
        again = self.sections_said(AGAIN)
        for section in self.read:
            if self.said(section) not in (AGREED, AGAIN):
                self.add_error(f"read_{section.name}", NOT_READ)
        for section in again:
            if not self.cleaned_data.get(f"word_{section.name}"):
                self.add_error(f"word_{section.name}", _("Say in a few words what is to be looked at again."))
        if again and not self.sections_said(AGREED, None, ""):
            self.add_error(None, NOTHING_AGREED)
        if again and self.is_later:
            self.add_error("when", PART_LATER)

    def check_moments(self):
        """A moment that isn't chosen may be anything; one that is must lie ahead, and the end after the beginning."""
        chosen = {"due": self.is_later, "until": self.data.get("ends")}
        for name, is_chosen in chosen.items():
            if not is_chosen:
                self.errors.pop(name, None)
                self.cleaned_data[name] = None
        if chosen["due"]:
            check_to_come(self)
        if chosen["until"] and "until" not in self.errors:
            until, start = self.cleaned_data.get("until"), self.cleaned_data.get("due") or moment()
            if not until:
                self.add_error("until", _("Choose a date and time."))
            elif until <= start:
                self.add_error("until", _("The end must come after the beginning, and lie ahead."))

    @property
    def words(self):
        """What is to be looked at again: [(the section's title, the word)]."""
        words = [
            (section.title, self.cleaned_data.get(f"word_{section.name}")) for section in self.sections_said(AGAIN)
        ]
        return [(title, text) for title, text in words if text]

    def along(self, change, step):
        """What goes along with a step."""
        note = {"comment": self.cleaned_data["note"]}
        if step.name == "return":
            words = [self.cleaned_data["comment"], change.in_words_of_author(self.words)]
            return {"comment": "\n".join(filter(None, words))}
        if step.name == "publish":
            agreed = [key for section in self.sections_said(AGREED) for key in section.keys]
            return {"agreed": agreed, "words": self.words, **note}
        if step.name == "schedule":
            return {"due": self.cleaned_data["due"], **note}
        return note if step.name == "apply" else {}

    def fields_of(self, section):
        """The answer and the word, or nothing of a section that nothing is said of."""
        names = (f"{what}_{section.name}" for what in ("read", "word"))
        return [self[name] if name in self.fields else None for name in names]

    @property
    def counts(self):
        """How many sections are agreed, to be looked at again, and not read."""
        agreed, again = len(self.sections_said(AGREED)), len(self.sections_said(AGAIN))
        return {"agreed": agreed, "again": again, "unread": len(self.read) - agreed - again}

    @property
    def faults(self):
        """What is wrong, and where it is mended: [(the id of the place, what it is about, sentence)]."""
        titles = {f"{what}_{section.name}": section.title for section in self.read for what in ("read", "word")}
        places = {name: f"section-{name.partition('_')[2]}" for name in titles}
        return [
            (places.get(name, self[name].id_for_label), titles.get(name, self.fields[name].label), sentence)
            if name in self.fields
            else ("", "", sentence)
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    # What visitors will see

    @property
    def moments(self):
        """The moments that are chosen, as they were typed."""
        due, until = self.is_later and self.data.get("due"), self.data.get("ends") and self.data.get("until")
        return f"{due or ''}|{until or ''}"

    @property
    def is_told(self):
        """Whether whoever presses the button has read what comes of the moments that they have chosen."""
        return "when" not in self.data or self.moments in ("|", self.data.get("told"))

    @property
    def is_panel_open(self):
        """Whether its reader has to see the moments before they press the button again."""
        wrong = {"when", "due", "until"} & self.errors.keys() if self.is_bound else set()
        return self.is_bound and (self.pressed == "tell" or bool(wrong) or not self.is_told)

    @property
    def sentence(self):
        """What visitors will see from when on, and until when; nothing while a moment is wrong."""
        if not self.is_bound or {"due", "until"} & self.errors.keys():
            return ""
        due, until = self.cleaned_data.get("due"), self.cleaned_data.get("until")
        start = _("Visitors will see this from %(start)s on.") if due else _("Visitors will see this at once.")
        end = _("The page leaves the site on %(end)s: its address then says that it is gone.") if until else ""
        return " ".join(
            str(words) % {"start": due and day_and_time(due), "end": until and day_and_time(until)}
            for words in (start, end)
            if words
        )


def wish(change):
    """What its author has asked for, as far as it lies ahead, or what was decided before."""
    start, end = asked(change)
    due, until = (at if at and at > moment() else None for at in (change.due_at or start, change.ends_at or end))
    return {"when": LATER if due else NOW, "due": due, "ends": bool(until), "until": until}


def asked(change):
    """When its author would like visitors to see it, and until when."""
    dates = {name: change.patch[name][1] for name in ("public_from", "public_until") if name in change.patch}
    start, end = (
        datetime.fromisoformat(at) if (at := dates.get(f"public_{name}")) else None for name in ("from", "until")
    )
    # What asks for a first publication at once has a date that has passed.
    return change.wanted_at or (start if start and start > moment() else None), end


def wishes(change):
    """The same, in sentences."""
    start, end = asked(change) if change.is_unfinished else (None, None)
    sentences = [
        (start, _("%(person)s asks that visitors see it from %(moment)s on.")),
        (end, _("%(person)s asks that the page leaves the site on %(moment)s.")),
    ]
    person = change.author or "–"
    return [words % {"person": person, "moment": day_and_time(at)} for at, words in sentences if at]


def day_and_time(at):
    """A moment with its day of the week, by the clocks of the site."""
    at = localtime(at)
    day, time = date_format(at, "l j F Y"), date_format(at, "TIME_FORMAT")
    return _("%(day)s at %(time)s") % {"day": day, "time": time}
