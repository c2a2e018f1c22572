"""Public holidays of article 112 of the Labour Code."""

from datetime import date

from apps.booking.domain.holidays import public_holidays


def test_are_the_fourteen_days_of_the_law_in_order():
    days = [day for day, _name in public_holidays(2027)]
    assert days == [
        *(date(2027, 1, day) for day in range(1, 9)),
        date(2027, 2, 23),
        date(2027, 3, 8),
        date(2027, 5, 1),
        date(2027, 5, 9),
        date(2027, 6, 12),
        date(2027, 11, 4),
    ]


def test_christmas_is_the_seventh_of_january():
    assert dict(public_holidays(2027))[date(2027, 1, 7)] == "Christmas"
