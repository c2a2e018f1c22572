"""The columns of the file of services, the same out and in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.booking import models
from apps.booking.infrastructure import labels


@dataclass(frozen=True, kw_only=True)
class Column:
    """``field`` is the form's; ``shown`` gives the cell of a service, ``read`` the form's value of a cell.
    A column without ``field`` tells, but is not read."""

    heading: str | Promise
    field: str | None
    shown: Callable[[models.Service], Any]
    read: Callable[[str], Any] = str


def _choice(choices: Any, text: str) -> str:
    """The code of a choice by its words or by itself. Raises ValidationError naming the words."""
    for code, words in choices:
        if text.casefold() in {str(words).casefold(), str(code).casefold()}:
            return str(code)
    known = ", ".join(str(words) for _code, words in choices)
    raise ValidationError(gettext("Write one of: %(choices)s.") % {"choices": known})


def _yes_no(text: str) -> bool:
    answer = text.casefold()
    if answer in {gettext("yes").casefold(), "да", "yes", "1", "true"}:
        return True
    if answer in {gettext("no").casefold(), "нет", "no", "0", "false", ""}:
        return False
    raise ValidationError(gettext("Write “yes” or “no”."))


def _template(text: str) -> int | None:
    if not text:
        return None
    found = models.IntakeTemplate.objects.filter(name__iexact=text).first()
    if found is None:
        raise ValidationError(gettext("There is no intake form with this name."))
    return found.pk


def _specialist(text: str) -> str:
    found = list(models.Specialist.objects.filter(display_name__iexact=text)[:2])
    if len(found) != 1:
        raise ValidationError(gettext("There is no specialist with this name."))
    return str(found[0].pk)


def _plain(name: str, service: models.Service) -> Any:
    return getattr(service, name)


def _words(choices: Any, name: str, service: models.Service) -> str:
    return str(dict(choices)[getattr(service, name)])


def _amount(name: str, service: models.Service) -> Decimal | None:
    minor = getattr(service, name)
    return None if minor is None else (Decimal(minor) / 100).quantize(Decimal("0.01"))


def _text(heading: str | Promise, field: str) -> Column:
    return Column(heading=heading, field=field, shown=partial(_plain, field))


COLUMNS: tuple[Column, ...] = (
    _text(_("Address in links"), "slug"),
    _text(_("Public name"), "name"),
    _text(_("Internal name"), "internal_name"),
    Column(heading=_("Status"), field=None, shown=partial(_words, labels.SERVICE_STATUSES, "status")),
    Column(
        heading=_("Specialist"),
        field="specialist",
        shown=lambda service: service.specialist.display_name,
        read=_specialist,
    ),
    _text(_("Description"), "description"),
    _text(_("For whom"), "for_whom"),
    _text(_("How it goes"), "how_it_goes"),
    _text(_("Duration, minutes"), "duration_minutes"),
    Column(
        heading=_("Format"),
        field="format",
        shown=partial(_words, labels.SERVICE_FORMATS, "format"),
        read=partial(_choice, labels.SERVICE_FORMATS),
    ),
    _text(_("Address"), "address"),
    Column(heading=_("Price, roubles"), field="price", shown=partial(_amount, "price_minor")),
    Column(heading=_("Prepayment, roubles"), field="deposit", shown=partial(_amount, "deposit_minor")),
    Column(
        heading=_("VAT on the receipt"),
        field="vat_code",
        shown=partial(_words, labels.VAT_CODES, "vat_code"),
        read=partial(_choice, labels.VAT_CODES),
    ),
    Column(
        heading=_("Subject of payment on the receipt"),
        field="payment_subject",
        shown=partial(_words, labels.PAYMENT_SUBJECTS, "payment_subject"),
        read=partial(_choice, labels.PAYMENT_SUBJECTS),
    ),
    _text(_("Free cancellation, hours before"), "cancel_free_hours"),
    _text(_("Half refund, hours before"), "cancel_partial_hours"),
    _text(_("Moving, hours before at the latest"), "reschedule_min_hours"),
    _text(_("Moves by the client at most"), "max_reschedules"),
    _text(_("Buffer before, minutes"), "buffer_before_minutes"),
    _text(_("Buffer after, minutes"), "buffer_after_minutes"),
    _text(_("Notice, hours"), "min_notice_hours"),
    _text(_("Open for booking, days ahead"), "horizon_days"),
    _text(_("Step between starts, minutes"), "slot_step_minutes"),
    Column(
        heading=_("Starts are counted"),
        field="slot_grid",
        shown=partial(_words, labels.SLOT_GRIDS, "slot_grid"),
        read=partial(_choice, labels.SLOT_GRIDS),
    ),
    _text(_("Sessions a day at most"), "daily_limit"),
    Column(
        heading=_("Each booking is confirmed by the specialist"),
        field="requires_confirmation",
        shown=lambda service: gettext("yes") if service.requires_confirmation else gettext("no"),
        read=_yes_no,
    ),
    Column(
        heading=_("Intake form"),
        field="intake_template",
        shown=lambda service: service.intake_template.name if service.intake_template else "",
        read=_template,
    ),
    _text(_("Order"), "position"),
    Column(heading=_("Version"), field="expected_version", shown=partial(_plain, "version")),
)


def by_heading() -> Mapping[str, Column]:
    """Columns by their heading in the language of the page, in small letters."""
    return {str(column.heading).casefold(): column for column in COLUMNS}


def heading_of(field: str) -> str:
    """The heading of the form's field; the empty text for what has no column."""
    return next((str(column.heading) for column in COLUMNS if column.field == field), "")
