"""The sections by which initiatives are edited."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from cities.sections import ADDRESS, FIGURE, GALLERY
from learningcities.desk.section import Section


def story(name, title, sentence):
    return Section(name, title, (name,), help=sentence, is_story=True)


INITIATIVE = [
    Section("names", _("Names"), ("title",), is_name=True),
    Section("brief", _("In brief"), ("summary", "cover", "cover_alternative")),
    Section("time", _("Time"), ("status", "status_on", "start", "end", "checked_on")),
    Section("audience", _("Who and what for"), ("themes", "audiences", "sdgs", "key_features", "axes", "places")),
    Section("figures", _("Figures"), ("label", *FIGURE), part="figures", line=("name", "value", "year", "source")),
    story("context", _("Context"), _("Why it was needed, and what was there before.")),
    story("objectives", _("Objectives"), _("What it is meant to achieve, and by when.")),
    story("beneficiaries", _("Who it is for"), _("The people it reaches, and how many there are.")),
    story("method", _("How it is done"), _("What is done, by whom, where and how often.")),
    story("results", _("Results"), _("What has changed, with numbers where there are any.")),
    story("helped", _("What helped"), _("Who or what made it work.")),
    story("hindered", _("What hindered"), _("What was difficult, and how it was dealt with.")),
    story("sustainability", _("Sustainability"), _("How it goes on, and who pays for it.")),
    story("lessons", _("Lessons"), _("What another city should know before it begins.")),
    story("sources", _("Sources"), _("Where all this is written: reports, articles, pages.")),
    Section("updates", _("Updates"), ("date", "title", "text"), part="updates", line=("title", "date"), is_story=True),
    Section(
        "partners",
        _("Partner organisations"),
        ("name", "role", "website"),
        part="partners",
        line=("name", "role"),
        is_story=True,
    ),
    Section("documents", _("Documents"), ("documents", "website"), is_story=True),
    replace(GALLERY, is_story=True),
    ADDRESS,
    Section("city", _("City"), ("city",), is_rare=True),
]
