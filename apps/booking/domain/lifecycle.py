"""The states of an appointment and the only ways between them."""

from enum import StrEnum

from apps.kernel.domain.errors import DomainError, gettext_noop


class AppointmentStatus(StrEnum):
    REQUESTED = "requested"
    PENDING_PAYMENT = "pending_payment"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELED = "canceled"


_S = AppointmentStatus
ALLOWED: dict[AppointmentStatus, frozenset[AppointmentStatus]] = {
    # A request for a free service has nothing to pay for and is confirmed at once when accepted.
    _S.REQUESTED: frozenset({_S.PENDING_PAYMENT, _S.CONFIRMED, _S.DECLINED}),
    _S.PENDING_PAYMENT: frozenset({_S.CONFIRMED, _S.EXPIRED, _S.CANCELED}),
    _S.CONFIRMED: frozenset({_S.CONFIRMED, _S.COMPLETED, _S.NO_SHOW, _S.CANCELED}),
    _S.COMPLETED: frozenset(),
    _S.NO_SHOW: frozenset(),
    _S.DECLINED: frozenset(),
    # Money may arrive after the hold has ended: while nobody took the time, it is still theirs.
    _S.EXPIRED: frozenset({_S.CONFIRMED}),
    _S.CANCELED: frozenset(),
}
ACTIVE = frozenset({_S.REQUESTED, _S.PENDING_PAYMENT, _S.CONFIRMED})


class TransitionNotAllowed(DomainError):
    """``status`` and ``target`` are in ``params``."""

    code = "transition_not_allowed"
    message = gettext_noop("This is no longer possible: the state of the appointment has changed.")


class AlreadyCanceled(TransitionNotAllowed):
    code = "already_canceled"
    message = gettext_noop("The appointment has already been canceled.")


class HoldExpired(DomainError):
    code = "hold_expired"
    message = gettext_noop("The time was kept for you, but the wait is over. Please choose a time again.")


class PaymentDue(DomainError):
    code = "payment_due"
    message = gettext_noop("This session is confirmed by its payment.")


class PaymentNotTaken(DomainError):
    """Money came that the appointment cannot take: it is given back. ``reason`` is in ``params``."""

    code = "payment_not_taken"
    message = gettext_noop("The appointment cannot take this payment any more.")


class HoldAlreadyExtended(DomainError):
    code = "hold_already_extended"
    message = gettext_noop("The hold has already been extended once.")


class AlreadyStarted(DomainError):
    code = "already_started"
    message = gettext_noop("The session has already started.")
