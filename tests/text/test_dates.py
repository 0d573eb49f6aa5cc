from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from learningcities.text.dates import PartialDateField, display, exact, first_day, last_day, parse


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2020", "2020"),
        ("09/2020", "2020-09"),
        ("9/2020", "2020-09"),
        ("23/09/2020", "2020-09-23"),
        ("23.9.2020", "2020-09-23"),
        ("2020-09", "2020-09"),
        ("2020-09-23", "2020-09-23"),
    ],
)
def test_a_date_may_be_typed_as_precisely_as_it_is_known(typed, iso):
    assert parse(typed) == iso


@pytest.mark.parametrize("typed", ["20", "13/2020", "31/02/2020", "2020-13", "hier", "2020-9-1-1", "0000"])
def test_what_is_no_date_is_refused_with_a_sentence(typed):
    with pytest.raises(ValidationError, match="2020"):
        PartialDateField().to_python(typed)


def test_iso_text_sorts_as_the_dates_do():
    dates = ["2019-12-31", "2020", "2020-01", "2020-01-01", "2020-09", "2021"]
    assert sorted(dates) == dates


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("fr", ["2020", "août 2020", "23 décembre 2020"]),
        ("ar", ["2020", "غشت 2020", "23 دجنبر 2020"]),
        ("en", ["2020", "August 2020", "23 December 2020"]),
    ],
)
def test_months_are_named_as_readers_in_morocco_name_them(language, names):
    with override(language):
        assert [display(iso) for iso in ("2020", "2020-08", "2020-12-23")] == names


@pytest.mark.parametrize(
    ("iso", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-12", date(2020, 12, 1), date(2020, 12, 31)),
        ("2020-09-23", date(2020, 9, 23), date(2020, 9, 23)),
    ],
)
def test_a_date_spans_all_the_days_it_may_mean(iso, first, last):
    assert (first_day(iso), last_day(iso)) == (first, last)


def test_only_a_known_day_is_a_date_for_programs():
    assert [exact(iso) for iso in ("2020-09-23", "2020-09", "2020", "")] == [date(2020, 9, 23), "2020-09", "2020", ""]


@pytest.mark.parametrize("iso", ["", "2020", "2020-09", "2020-09-23"])
def test_a_form_shows_a_date_as_it_is_typed_and_takes_it_back_unchanged(iso):
    field = PartialDateField(blank=True).formfield()
    shown = field.widget.format_value(iso)
    assert "-" not in shown
    assert field.clean(shown) == iso
    assert not field.has_changed(iso, shown)
