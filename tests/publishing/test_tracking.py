"""Every write of content is on record, whoever makes it and by whatever way."""

import pytest
from django.apps import apps
from django.db import transaction

from cities.models import City, CityFigure
from initiatives.models import Initiative, Theme
from learningcities.publishing.history.tracked_models import Part, Tracked, TrackedQuerySet
from learningcities.publishing.history.tracking import acting, dry_run, track_changes
from learningcities.publishing.patches.snapshot import snapshot, tracked_fields
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import Change
from tests import factories

OWN_PACKAGES = {"cities", "initiatives", "learningcities"}


@pytest.fixture
def city(db):
    return factories.make_city()


def stamp():
    return ContentVersion.objects.get().stamp


def last():
    return Change.objects.order_by("-id").first()


def writes(city, initiative, figure, theme):
    """The ways in which a program can change content, and the item and fields that the record must name."""
    return {
        "save": (lambda: City(pk=city.pk, **fields(city, also_known_as="A")).save(), city, {"also_known_as"}),
        "update": (lambda: City.objects.filter(pk=city.pk).update(also_known_as="B"), city, {"also_known_as"}),
        "row of a part": (lambda: set_and_save(figure, value=7), city, {f"figures:{figure.pk}:value"}),
        "update of parts": (lambda: CityFigure.objects.update(value=8), city, {f"figures:{figure.pk}:value"}),
        "new row": (lambda: city.recognitions.create(kind="other", title_fr="x"), city, None),
        "row deleted": (lambda: figure.delete(), city, {f"figures:{figure.pk}"}),
        "relation": (lambda: initiative.themes.add(theme), initiative, {"themes"}),
        "relation from the other end": (lambda: theme.initiatives.add(initiative), initiative, {"themes"}),
        "relation cleared from the other end": (
            lambda: theme_of(initiative, theme).initiatives.clear(),
            initiative,
            None,
        ),
        "vocabulary": (lambda: set_and_save(theme, name_ar="موضوع"), theme, {"name_ar"}),
        "publishing": (lambda: initiative.withdraw(), initiative, {"withdrawn_at"}),
    }


def fields(row, **changes):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname != "id"} | changes


def theme_of(initiative, theme):
    initiative.themes.add(theme)
    return theme


def set_and_save(row, **values):
    vars(row).update(values)
    row.save()


@pytest.mark.parametrize("way", list(writes(*[City(), Initiative(), CityFigure(), Theme()])))
def test_a_write_by_a_program_is_on_record_and_renews_the_stamp(city, way):
    initiative, figure = factories.make_initiative(city), factories.make_figure(city)
    write, item, keys = writes(city, initiative, figure, Theme.objects.first())[way]
    count, before = Change.objects.count(), stamp()
    write()
    assert Change.objects.count() > count
    change = last()
    assert (change.item, change.state) == (item, "applied")
    assert keys is None or set(change.patch) == keys
    assert stamp() != before


def test_a_save_that_changes_nothing_leaves_no_record_and_keeps_the_stamp(city):
    count, before = Change.objects.count(), stamp()
    City.objects.get(pk=city.pk).save()
    assert (Change.objects.count(), stamp()) == (count, before)


def test_a_row_and_its_parts_written_together_are_one_change(city):
    count = Change.objects.count()
    with track_changes(city):
        set_and_save(city, also_known_as="Nom")
        factories.make_figure(city)
        factories.make_figure(city, year=2014)
    assert Change.objects.count() == count + 1
    assert len(last().patch) == 3


def test_what_is_rolled_back_leaves_neither_record_nor_stamp(city):
    count, before = Change.objects.count(), stamp()
    with transaction.atomic():
        set_and_save(city, also_known_as="Nom")
        assert stamp() != before
        transaction.set_rollback(True)
    assert (Change.objects.count(), stamp()) == (count, before)


def test_as_if_writes_nothing_at_all(city):
    count, before, said = Change.objects.count(), stamp(), snapshot(city)
    with dry_run():
        set_and_save(city, also_known_as="Nom")
        factories.make_figure(city)
        assert snapshot(city) != said
    assert (Change.objects.count(), stamp(), snapshot(city)) == (count, before, said)


def test_a_patch_laid_the_other_way_round_brings_the_old_state_back(city):
    figure = factories.make_figure(city)
    before = snapshot(city)
    with track_changes(city):
        set_and_save(city, also_known_as="Nom")
        set_and_save(figure, value=7)
        factories.make_figure(city, year=2014)
    back = {key: [after, old] for key, (old, after) in last().patch.items()}
    city.apply_patch(back)
    assert snapshot(city) == before


def test_a_patch_brings_back_a_deleted_row_under_its_own_name(city):
    figure = factories.make_figure(city)
    before, name = snapshot(city), figure.pk
    figure.delete()
    city.apply_patch({key: [after, old] for key, (old, after) in last().patch.items()})
    assert snapshot(city) == before
    assert CityFigure.objects.get().pk == name


def test_who_acts_is_named(city, django_user_model):
    person = django_user_model.objects.create_user("someone")
    with acting(person):
        set_and_save(city, also_known_as="Nom")
    assert last().author == person
    set_and_save(city, also_known_as="Autre")
    assert last().author is None


def test_renaming_a_city_a_region_or_a_theme_renews_what_is_found_by_it(city):
    theme = Theme.objects.first()
    initiative = factories.make_initiative(city, themes=[theme])
    set_and_save(city, name_ar="العيون")
    set_and_save(city.region, name_fr="Sakia El Hamra")
    set_and_save(theme, name_en="Reading and writing")
    for words in ("العيون", "sakia", "reading WRITING"):
        assert list(Initiative.objects.matching(words)) == [initiative]
    initiative.themes.clear()
    assert not Initiative.objects.matching("reading writing")


def test_a_deleted_place_is_on_the_record_of_the_initiatives_that_had_it(city):
    place, initiative = factories.make_place(city), factories.make_initiative(city)
    initiative.places.add(place)
    key = place.pk
    place.delete()
    assert Change.objects.of(initiative).first().patch == {"places": [[key], []]}


def test_a_save_of_an_old_copy_undoes_nobodys_words_when_it_only_withdraws(city):
    stale = City.objects.get(pk=city.pk)
    set_and_save(city, also_known_as="Nouveau")
    stale.withdraw()
    city.refresh_from_db()
    assert (city.also_known_as, city.state) == ("Nouveau", "withdrawn")


def test_the_last_change_has_a_date_that_follows_the_stamp(city):
    before = City.objects.get(pk=city.pk).changed_at
    City.objects.get(pk=city.pk).save()
    assert City.objects.get(pk=city.pk).changed_at == before
    factories.make_figure(city)
    assert City.objects.get(pk=city.pk).changed_at > before


def test_a_word_of_a_citys_story_finds_the_city_and_not_its_initiatives(city):
    factories.make_initiative(city)
    set_and_save(city, body_fr="<p>Un mot singulier</p>")
    assert City.objects.matching("singulier").exists()
    assert not Initiative.objects.matching("singulier").exists()


#: The tables that hold no content: what the site knows of its people, its own work, and what visitors wrote.
NO_CONTENT = {
    "care": {"Check", "Link", "Mention", "Reminder"},
    "operations": {"QueuedMail", "ShiftedMoment"},
    "people": {"Attempt", "AuditEntry", "SavedView", "User"},
    "publishing": {
        "Batch",
        "Change",
        "ContentVersion",
        "PageLock",
        "Presence",
        "Preview",
        "Redirect",
        "RemovedRow",
        "Comment",
        "Step",
        "Translations",
    },
    "reports": {"Quota", "Report"},
    "search": {"Entry"},
}


def own_models():
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in OWN_PACKAGES]


def test_every_table_is_content_on_record_a_part_of_it_or_named_as_none():
    content = [model for model in own_models() if model.__name__ not in NO_CONTENT.get(model._meta.app_label, ())]
    assert len(content) > 20
    for model in content:
        assert issubclass(model, (Tracked, Part)), model
        assert issubclass(model._default_manager._queryset_class, TrackedQuerySet), model
        if issubclass(model, Part):
            item = model._meta.get_field(model.part_of)
            assert issubclass(item.related_model, Tracked), model
            assert item.remote_field.get_accessor_name() in item.related_model.parts, model


def test_every_field_of_content_is_on_record_derived_or_named_as_none():
    left_out = {
        f"{model.__name__}.{field.name}"
        for model in own_models()
        if issubclass(model, (Tracked, Part))
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.editable and not field.primary_key and field not in tracked_fields(model)
    }
    to_the_item = {f"{part.__name__}.{part.part_of}" for part in own_models() if issubclass(part, Part)}
    assert left_out - to_the_item == {"City.editors"}
