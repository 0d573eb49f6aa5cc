"""What the database refuses: a check with an empty column in it must say no, for unknown passes like yes."""

from itertools import product

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from cities.models import City
from learningcities.publishing.models import Change
from tests import factories
from tests.conftest import thorough
from tests.forms import edit, page_of
from tests.spreadsheets.helpers import Edited, errors, exported, tried

CHECKS = [
    (model, constraint)
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, models.Q)
]


def outcomes(condition, empty):
    """What a condition can be where these columns are empty and the others hold anything: True, False, None."""
    if isinstance(condition, tuple):
        name, _, lookup = condition[0].partition("__")
        if lookup == "isnull" or condition[1] is None:
            asks_for_nothing = condition[1] is not False
            return {(name in empty) == asks_for_nothing}
        others = {other.name for other in [condition[1]] if isinstance(other, models.F)}
        return {None} if {name, *others} & empty else {True, False}
    found = {True} if condition.connector == models.Q.AND else {False}
    for child in condition.children:
        join = both if condition.connector == models.Q.AND else either
        found = {join(one, other) for one, other in product(found, outcomes(child, empty))}
    return {None if one is None else not one for one in found} if condition.negated else found


def both(one, other):
    return False if False in (one, other) else None if None in (one, other) else True


def either(one, other):
    return True if True in (one, other) else None if None in (one, other) else False


@pytest.mark.parametrize(("model", "constraint"), CHECKS, ids=[constraint.name for _model, constraint in CHECKS])
def test_no_check_is_unknown_where_a_column_is_empty(model, constraint):
    names = {name.partition("__")[0] for name in constraint.condition.referenced_base_fields}
    nullable = [name for name in sorted(names) if model._meta.get_field(name).null]
    for chosen in product((True, False), repeat=len(nullable)):
        empty = {name for name, is_empty in zip(nullable, chosen, strict=True) if is_empty}
        assert None not in outcomes(constraint.condition, empty), empty


@thorough
@pytest.mark.parametrize("make", [lambda city: city, factories.make_place])
def test_a_latitude_without_its_longitude_is_refused_by_form_file_and_database(as_editor, city, make):
    row = make(city)
    for lone in ({"latitude": "33.5", "longitude": ""}, {"latitude": "", "longitude": "-7.5"}):
        page = edit(as_editor, row, lone, "_send")
        assert any("les deux coordonnées" in str(sentence) for _to, _field, sentence in page.context["lacks"])
        assert "les deux coordonnées" in as_editor.get(page_of(row, "section", "map")).text, "and where it is written"
        assert not Change.objects.waiting().exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{key: value or None for key, value in lone.items()})
    edit(as_editor, row, {"latitude": "33.5", "longitude": "-7.5"}, "_draft")
    assert set(Change.objects.of(row).unfinished().get().patch) == {"latitude", "longitude"}
    Change.objects.of(row).unfinished().delete()
    address = f"/admin/cities/{row._meta.model_name}/"
    file = Edited(exported(as_editor, address)).put(row._meta.label_lower, 0, latitude=33.5)
    assert errors(tried(as_editor, address, file.content))


@pytest.fixture
def pair(city):
    """Two figures of one city and one indicator."""
    figure = factories.make_figure(city, indicator_id=1, year=2019, value=1)
    return figure, factories.make_figure(city, indicator_id=1, year=2020, value=2)


def years(city):
    return dict(City.objects.get(pk=city.pk).figures.order_by("value").values_list("value", "year"))


@thorough
@pytest.mark.parametrize("button", ["_save", "_send"])
def test_two_figures_swap_their_years(as_editor, as_coordinator, city, pair, button):
    client = as_coordinator if button == "_save" else as_editor
    swap = {f"figures:{pair[0].pk}:year": 2020, f"figures:{pair[1].pk}:year": 2019}
    edit(client, city, swap, button)
    if button == "_send":
        as_coordinator.post(f"/admin/publishing/change/{Change.objects.waiting().get().pk}/change/", {"step": "apply"})
    assert years(city) == {1: 2020, 2: 2019}


@thorough
def test_three_figures_pass_their_years_on_and_one_that_goes_gives_up_its_own(as_coordinator, city, pair):
    third = factories.make_figure(city, indicator_id=1, year=2021, value=3)
    one, other = pair
    passed = {f"figures:{one.pk}:year": 2020, f"figures:{other.pk}:year": 2021, f"figures:{third.pk}:year": 2019}
    edit(as_coordinator, city, passed)
    assert years(city) == {1: 2020, 2: 2021, 3: 2019}
    edit(as_coordinator, city, {f"figures:{other.pk}:DELETE": "on", f"figures:{one.pk}:year": 2021})
    assert years(city) == {1: 2021, 3: 2019}


@thorough
def test_two_figures_of_one_year_are_refused_with_a_sentence(as_coordinator, city, pair):
    page = edit(as_coordinator, city, {f"figures:{pair[0].pk}:year": 2020})
    assert page.status_code == 200
    assert years(city) == {1: 2019, 2: 2020}


@thorough
def test_a_file_swaps_the_years_of_two_figures(as_editor, editor, coordinator, city, pair):
    file = Edited(exported(as_editor, "/admin/cities/city/"))
    for row in (0, 1):
        now = file.get("cities.cityfigure", row, "year")
        file.put("cities.cityfigure", row, year=2019 if now == 2020 else 2020)
    trial = tried(as_editor, "/admin/cities/city/", file.content)
    assert errors(trial) == []
    Change.save_draft(city, editor, trial.right[0].patch).apply(by=coordinator)
    assert years(city) == {1: 2020, 2: 2019}
    file = Edited(exported(as_editor, "/admin/cities/city/"))
    both = file.put("cities.cityfigure", 0, year=2015).put("cities.cityfigure", 1, year=2015).content
    assert errors(tried(as_editor, "/admin/cities/city/", both))
