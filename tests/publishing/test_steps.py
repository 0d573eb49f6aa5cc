"""Who may take which step of the tables, over HTTP; the roles are written out here, and not read from the tables."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.timezone import localtime, now

from initiatives.models import Initiative
from learningcities.people.models import User
from learningcities.publishing.models import Batch, Change, Comment, PageLock, Preview
from learningcities.publishing.workflow.steps import BATCH_STEPS, DECISIONS, HISTORY_STEPS, ITEM_STEPS
from tests import factories
from tests.conftest import logged_in, make_person
from tests.forms import data_of, unwritten
from tests.tables import undone

from .helpers import page_of

pytestmark = pytest.mark.django_db
TOMORROW = localtime(now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
LIST = reverse("admin:initiatives_initiative_changelist")
EVERYBODY, EDITORS, COORDINATOR = {"editor", "translator", "coordinator"}, {"editor", "coordinator"}, {"coordinator"}


@pytest.fixture(scope="module")
def site(module_db):
    """An editor and a translator of a city, an editor of another, a coordinator; initiatives in each state."""
    people = {
        "other": make_person("other"),
        "translator": make_person("translator", languages=["ar"]),
        "editor": make_person("editor"),
        "coordinator": make_person("coordinator", User.Role.COORDINATOR),
    }
    city = factories.make_city(slug="own-city")
    city.editors.add(people["editor"], people["translator"])
    factories.make_city(slug="other-city").editors.add(people["other"])
    superuser = make_person("superuser", User.Role.COORDINATOR, is_superuser=True)
    items = {
        name: factories.make_initiative(city, slug=name, title_fr=name, summary_fr="Voici", public="new" not in name)
        for name in ("public", "withdrawn", "binned", "new", "new_binned")
    }
    items["withdrawn"].withdraw()
    items["binned"].move_to_bin()
    items["new_binned"].move_to_bin()
    for key, before, after in (("summary_ar", "", "Une"), ("summary_ar", "Une", "Deux"), ("title_ar", "", "Trois")):
        items["new"].apply_patch({key: [before, after]})
    # Every editor sees what belongs to no city, and only coordinators edit it.
    items["shared"] = factories.make_photo(None)
    return SimpleNamespace(people=SimpleNamespace(**people), superuser=logged_in(superuser), forms={}, **items)


def again(item):
    return Initiative.objects.get(pk=item.pk)


def beside(item, page, *names):
    return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_{page}", args=[item.pk, *names])


# What is there before, what is sent, and how one sees that it was done


def sent(site):
    site.change = Change.propose(site.public, site.people.editor, {"summary_ar": ["", "جديد"]})


def sent_in_two(site):
    patch = {"summary_ar": ["", "جديد"], "context_ar": ["", "سياق"]}
    site.change = Change.propose(site.public, site.people.editor, patch)


def batch(*steps):
    def made(site):
        site.batch = Batch.objects.create(
            author=site.people.editor, name="b", content_type=Change(item=site.public).content_type
        )
        patch = {"summary_ar": ["", "جديد"]}
        site.change = Change.save_draft(site.public, site.people.editor, patch, batch=site.batch)
        if "send" in steps:
            site.change.send()
        if "return" in steps:
            site.change.return_to_author(site.people.coordinator, "Non")
        if "apply" in steps:
            site.change.apply(by=site.people.coordinator)

    return made


def commented(site):
    site.comment = Comment.write(site.public, site.people.editor, "À voir")


def resolved(site):
    commented(site)
    Comment.objects.resolve(site.people.editor)


def locked(site):
    PageLock.acquire(site.public, site.people.editor)


def write(name, **panel):
    """Send a word in Arabic by the small form of an item as it is shown to somebody who sees all of it; where it was
    taken, `panel` is sent by the page that publishes."""

    def act(client, site):
        item = getattr(site, name)
        address = beside(item, "section", "brief")
        if address not in site.forms:
            site.forms[address] = data_of(site.superuser.get(address))
        answer = client.post(address, site.forms[address] | {"summary_ar": "كلمات"})
        return client.post(beside(item, "send"), panel) if panel and answer.status_code == 302 else answer

    return act


def then(*acts):
    """One after the other."""
    return lambda client, site: [act(client, site) for act in acts][-1]


def chosen(step, name):
    data = {"action": f"{step}_selected"}
    where = f"{LIST}?state=bin" if "binned" in name else LIST
    return lambda client, site: client.post(where, data | {"_selected_action": [getattr(site, name).pk]})


def post(page, name="public", **data):
    return lambda client, site: client.post(beside(getattr(site, name), page), data)


def decide(step, **words):
    return lambda client, site: client.post(page_of(site.change), {"step": step, **words})


def take(step, **words):
    def act(client, site):
        return client.post(reverse("admin:publishing_batch_change", args=[site.batch.pk]), {"step": step, **words})

    return act


def about_comment(step):
    return lambda client, site: client.post(beside(site.public, "happened"), {step: site.comment.pk})


def go_back(step, number):
    def act(client, site):
        acts = Change.objects.of(site.new).happened()
        address = reverse("admin:initiatives_initiative_back", args=[site.new.pk, acts[number].pk])
        return client.post(address, {"step": step, "seen": acts[0].pk})

    return act


def state_is(state):
    return lambda site, person: Change.objects.of(site.public).first().state == state


def own_is(state):
    return lambda site, person: Change.objects.filter(author=person, state=state).exists()


def is_(name, state):
    return lambda site, person: again(getattr(site, name)).state == state


def says(name, text):
    return lambda site, person: again(getattr(site, name)).summary_ar == text


def exists(model):
    return lambda site, person: model.objects.filter(author=person).exists()


def part_is_applied(site, person):
    return {change.state for change in Change.objects.of(site.public)[:2]} == {"applied", "returned"}


def nothing(site):
    pass


#: What a coordinator says of two sections.
READ = {"read_brief": "agreed", "read_context": "again", "word_context": "Pourquoi ?"}

#: (table, step, who may, what is there before, what is sent, whether it was done)
CASES = [
    ("section", "save", EVERYBODY, nothing, write("public"), own_is("open")),
    ("section", "save", EVERYBODY, nothing, write("withdrawn"), own_is("open")),
    ("section", "save", EVERYBODY, nothing, write("new"), says("new", "كلمات")),
    (
        "section",
        "add",
        {"other", "editor", "coordinator"},
        nothing,
        lambda client, site: client.get(reverse("admin:initiatives_initiative_add")),
        lambda site, person: site.answer.status_code == 200,
    ),
    ("panel", "send", {"editor", "translator"}, nothing, write("public", when="now"), own_is("review")),
    ("panel", "send", {"editor", "translator"}, nothing, write("public", when="from", due=TOMORROW), own_is("review")),
    ("panel", "publish", COORDINATOR, nothing, write("public", when="now"), says("public", "كلمات")),
    ("panel", "publish", COORDINATOR, nothing, post("send", "withdrawn", when="now"), is_("withdrawn", "public")),
    ("panel", "publish", COORDINATOR, nothing, post("send", "new", when="now"), is_("new", "public")),
    ("panel", "schedule", COORDINATOR, nothing, write("public", when="from", due=TOMORROW), own_is("scheduled")),
    ("item", "withdraw", COORDINATOR, nothing, post("steps", step="withdraw"), is_("public", "withdrawn")),
    ("item", "restore", COORDINATOR, nothing, post("steps", "binned", step="restore"), is_("binned", "withdrawn")),
    ("item", "restore", EDITORS, nothing, post("steps", "new_binned", step="restore"), is_("new_binned", "never")),
    (
        "item",
        "ask_out",
        {"editor", "translator"},
        nothing,
        post("steps", "binned", step="ask_out"),
        lambda site, person: Comment.objects.requests().filter(author=person).exists(),
    ),
    (
        "item",
        "lock",
        EVERYBODY,
        nothing,
        post("steps", step="lock"),
        lambda site, person: PageLock.objects.filter(by=person).exists(),
    ),
    (
        "item",
        "release",
        EDITORS,
        locked,
        post("steps", step="release"),
        lambda site, person: not PageLock.objects.exists(),
    ),
    (
        "item",
        "discard",
        EVERYBODY,
        nothing,
        then(write("public"), post("steps", step="discard")),
        own_is("discarded"),
    ),
    ("item", "publish", COORDINATOR, nothing, chosen("publish", "new"), is_("new", "public")),
    ("item", "withdraw", COORDINATOR, nothing, chosen("withdraw", "public"), is_("public", "withdrawn")),
    ("item", "restore", EDITORS, nothing, chosen("restore", "new_binned"), is_("new_binned", "never")),
    ("item", "restore", COORDINATOR, nothing, chosen("restore", "binned"), is_("binned", "withdrawn")),
    ("item", "ask", {"editor"}, nothing, post("send", "new", when="now"), own_is("review")),
    ("item", "schedule", COORDINATOR, nothing, post("send", "new", when="from", due=TOMORROW), is_("new", "later")),
    ("item", "bin", EDITORS, nothing, chosen("bin", "new"), is_("new", "binned")),
    ("item", "bin", COORDINATOR, nothing, chosen("bin", "public"), is_("public", "binned")),
    ("item", "bin", EDITORS, nothing, post("delete", "new", post="yes"), is_("new", "binned")),
    ("item", "bin", COORDINATOR, nothing, post("delete", post="yes"), is_("public", "binned")),
    (
        "item",
        "ask_out",
        {"editor", "translator"},
        nothing,
        post("happened", "binned", bin="ask_out"),
        lambda site, person: Comment.objects.requests().filter(author=person).exists(),
    ),
    ("item", "preview", EVERYBODY, nothing, post("preview", make="1"), exists(Preview)),
    (
        "item",
        "duplicate",
        EDITORS,
        nothing,
        post("duplicate"),
        lambda site, person: site.answer.status_code == 302,
    ),
    ("item", "comment", EVERYBODY, nothing, post("happened", text="Voici"), exists(Comment)),
    (
        "item",
        "resolve",
        EVERYBODY,
        commented,
        about_comment("resolve"),
        lambda site, person: not Comment.objects.open(),
    ),
    (
        "item",
        "reopen",
        EVERYBODY,
        resolved,
        about_comment("reopen"),
        lambda site, person: Comment.objects.open().exists(),
    ),
    (
        "item",
        "lock",
        EVERYBODY,
        nothing,
        post("happened", lock="acquire"),
        lambda site, person: PageLock.objects.filter(by=person).exists(),
    ),
    (
        "item",
        "lock",
        COORDINATOR,
        nothing,
        post("happened", "shared", lock="acquire"),
        lambda site, person: PageLock.objects.filter(by=person).exists(),
    ),
    ("item", "comment", {"other", *EVERYBODY}, nothing, post("happened", "shared", text="Voici"), exists(Comment)),
    (
        "item",
        "release",
        EDITORS,
        locked,
        post("happened", lock="release"),
        lambda site, person: not PageLock.objects.exists(),
    ),
    (
        "history",
        "take",
        EVERYBODY,
        nothing,
        lambda client, site: client.post(
            beside(site.new, "happened"), {"take": f"{Change.objects.of(site.new).happened()[1].pk} summary_ar"}
        ),
        says("new", "Une"),
    ),
    ("history", "undo", EVERYBODY, nothing, go_back("undo", 1), says("new", "Une")),
    (
        "history",
        "restore",
        EVERYBODY,
        nothing,
        go_back("restore", 0),
        lambda site, person: again(site.new).title_ar == "",
    ),
    ("change", "apply", COORDINATOR, sent, decide("apply"), state_is("applied")),
    ("change", "publish", COORDINATOR, sent_in_two, decide("publish", **READ), part_is_applied),
    ("change", "schedule", COORDINATOR, sent, decide("schedule", due=TOMORROW), state_is("scheduled")),
    ("change", "return", COORDINATOR, sent, decide("return", comment="Pas encore"), state_is("returned")),
    ("change", "discard", EDITORS, sent, decide("discard"), state_is("discarded")),
    ("batch", "send", {"editor"}, batch(), take("send"), state_is("review")),
    ("batch", "send", {"editor"}, batch("send", "return"), take("send"), state_is("review")),
    ("batch", "apply", COORDINATOR, batch("send"), take("apply"), state_is("applied")),
    ("batch", "schedule", COORDINATOR, batch("send"), take("schedule", due=TOMORROW), state_is("scheduled")),
    ("batch", "return", COORDINATOR, batch("send"), take("return", comment="Non"), state_is("returned")),
    ("batch", "discard", EDITORS, batch("send"), take("discard"), state_is("discarded")),
    ("batch", "undo", EDITORS, batch("send", "apply"), take("undo"), own_is("open")),
]


def test_every_step_of_the_tables_is_tried_below():
    tables = {"item": ITEM_STEPS, "history": HISTORY_STEPS, "change": DECISIONS, "batch": BATCH_STEPS}
    names = {(table, name) for table, steps in tables.items() for name in steps}
    assert names <= {case[:2] for case in CASES}


@pytest.mark.parametrize(
    ("roles", "before", "act", "is_done"), [pytest.param(*case[2:], id=" ".join(case[:2])) for case in CASES]
)
def test_a_step_is_taken_by_those_who_may_and_refused_to_all_others(site, roles, before, act, is_done):
    before(site)
    done = set()
    for role, person in vars(site.people).items():
        client = logged_in(person)
        with undone(), unwritten():
            site.answer = act(client, site)
            if is_done(site, person):
                done.add(role)
    assert done == roles


#: What the page of an item in each state offers to its readers.
OFFERED = {
    ("public", "editor"): "edit preview send lock duplicate",
    ("public", "translator"): "edit preview send lock",
    ("public", "coordinator"): "edit preview send lock duplicate withdraw bin",
    ("withdrawn", "editor"): "edit preview send lock duplicate",
    ("withdrawn", "coordinator"): "edit preview send lock duplicate bin",
    ("binned", "editor"): "ask_out",
    ("binned", "translator"): "ask_out",
    ("binned", "coordinator"): "restore",
    ("new", "editor"): "edit preview send lock duplicate bin",
    ("new", "translator"): "edit preview lock",
    ("new", "coordinator"): "edit preview send lock duplicate bin",
    ("new_binned", "editor"): "restore",
    ("new_binned", "translator"): "ask_out",
    ("new_binned", "coordinator"): "restore",
}


def offered(person, item):
    """What the page of an item and the forms of its sections offer: steps, and the ways to its other pages."""
    client = logged_in(person)
    page, row_admin = client.get(beside(item, "change")).text, admin.site._registry[type(item)]
    ways = {
        "edit": beside(item, "section", row_admin.sections[1].name),
        "send": beside(item, "send"),
        "bin": beside(item, "delete"),
        **({"preview": beside(item, "preview")} if row_admin.is_previewed else {}),
        **({"duplicate": beside(item, "duplicate")} if hasattr(item, "slug") else {}),
    }
    found = {name for name, address in ways.items() if f'"{address}"' in page or f'"{address}#' in page}
    form = client.get(ways["edit"]).text
    buttons = set(re.findall(r'<button[^>]*?name="_(\w+)"', form))
    assert ("save" in buttons) == ("edit" in found)
    assert ("preview" in buttons) == ("preview" in found)
    assert buttons >= found & {"send"}
    return found | buttons - {"save"} | set(re.findall(r'name="step"\s+value="(\w+)"', page))


@pytest.mark.parametrize(("name", "role"), OFFERED)
def test_a_page_offers_the_steps_that_are_possible_for_its_reader(site, name, role):
    assert offered(getattr(site.people, role), getattr(site, name)) == set(OFFERED[name, role].split())


@pytest.mark.parametrize("state", ["review", "scheduled"])
def test_who_waits_for_a_decision_can_save_or_give_up_and_no_more(site, state):
    sent(site)
    if state == "scheduled":
        site.change.schedule(now() + timedelta(days=1), by=site.people.coordinator)
    assert offered(site.people.editor, site.public) == {"edit", "preview", "lock", "duplicate", "discard"}
    site.change.return_to_author(site.people.coordinator, "Pas encore")
    assert "send" in offered(site.people.editor, site.public)


@pytest.mark.parametrize(("role", "steps"), [("editor", ""), ("coordinator", "edit send bin lock withdraw")])
def test_the_page_of_a_photo_of_the_network_offers_the_steps_that_are_possible_for_its_reader(site, role, steps):
    assert offered(getattr(site.people, role), site.shared) == set(steps.split())


@pytest.mark.parametrize(
    ("state", "author", "role", "steps"),
    [
        ("open", "coordinator", "coordinator", "discard apply"),
        ("review", "editor", "coordinator", "discard apply return publish"),
        ("review", "editor", "editor", "discard"),
        ("returned", "editor", "coordinator", "discard"),
        ("returned", "editor", "editor", "discard"),
        ("scheduled", "editor", "coordinator", "discard apply return publish"),
        ("applied", "editor", "coordinator", ""),
        ("discarded", "editor", "editor", ""),
    ],
)
def test_the_page_of_a_change_offers_the_steps_that_are_possible_for_its_reader(site, state, author, role, steps):
    people, patch = vars(site.people), {"summary_ar": ["", "جديد"]}
    change = Change.save_draft(site.public, people[author], patch)
    Change.objects.update(state=state, due_at=now() + timedelta(days=1), decided_by=people["coordinator"])
    page = logged_in(people[role]).get(page_of(change)).content.decode()
    assert " ".join(re.findall(r'name="step"\s+value="(\w+)"', page)) == steps
    assert ('name="due"' in page) == ("apply" in steps), "what is published is scheduled by the same button"


@pytest.mark.parametrize(
    ("taken", "role", "steps"),
    [
        ((), "editor", "send discard"),
        (("send",), "editor", "discard"),
        (("send",), "coordinator", "apply schedule return discard"),
        (("send", "return"), "editor", "send discard"),
        (("send", "return"), "coordinator", "discard"),
        (("send", "apply"), "editor", "undo"),
    ],
)
def test_the_page_of_a_batch_offers_the_steps_that_are_possible_for_its_reader(site, taken, role, steps):
    batch(*taken)(site)
    address = reverse("admin:publishing_batch_change", args=[site.batch.pk])
    page = logged_in(vars(site.people)[role]).get(address).content.decode()
    assert " ".join(re.findall(r'name="step"\s+value="(\w+)"', page)) == steps
