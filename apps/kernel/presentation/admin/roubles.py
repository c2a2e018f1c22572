"""Amounts as people type them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from apps.kernel.domain.money import InvalidMoney, Money

MOST_ROUBLES = Decimal(1_000_000)


class RoublesField(forms.DecimalField):
    """An amount in roubles, with kopecks where there are any; cleans to Money."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", UnfoldAdminDecimalFieldWidget(attrs={"step": "any", "inputmode": "decimal"})
        )
        super().__init__(
            min_value=Decimal(0),
            max_value=MOST_ROUBLES,
            max_digits=9,
            decimal_places=2,
            localize=False,
            **options,
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace(",", ".").rstrip("₽")
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        if amount is None:
            return None
        try:
            return Money.from_decimal(amount)
        except InvalidMoney as error:
            raise ValidationError(_("Enter an amount in roubles with at most two decimal places.")) from error

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Money):
            value = value.amount
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        return value
