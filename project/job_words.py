"""Jobs and the reasons of their failures in words, for the list of what needs attention."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.kernel.domain.errors import DomainError
from apps.kernel.infrastructure.failure_reasons import FailureKind
from apps.kernel.infrastructure.models import JobFailure

type Text = str | Promise

DELIVERY = "kernel.deliver_event"

TASKS: dict[str, Text] = {
    "booking.release_overdue": _("End holds and requests whose time is over"),
    "client_cabinet.build_export": _("Prepare somebody's export of their data"),
    "client_cabinet.end_exports": _("Remove exports whose time is over"),
    "client_cabinet.publish_tombstones": _("Complete the tombstones outside the database"),
    "identity.publish_chain_head": _("Verify the consents and publish the head of their chain"),
    "kernel.apply_hourly_rules": _("Remove what is kept for hours"),
    "kernel.apply_nightly_rules": _("Remove what is beyond its term"),
    "kernel.apply_retention_rule": _("Remove what is beyond the term of one rule"),
    "kernel.deliver_event": _("Pass on what has happened"),
    "kernel.return_stalled_jobs": _("Give back the work of stopped workers"),
    "messaging.deliver_due": _("Send the letters that are due"),
    "payments.compare_days": _("Compare payments of some days with the provider"),
    "payments.heed_notification": _("Look up a payment after the provider's notice"),
    "payments.reconcile": _("Compare payments with the provider"),
    "payments.send_receipt": _("Register a receipt"),
    "payments.settle_open_payments": _("Look up unfinished payments and refunds"),
    "payments.settle_payment": _("Look up a payment at the provider"),
    "project.back_up": _("Back the database up"),
}
SUBSCRIBERS: dict[str, Text] = {
    "booking.notice_opening": _("Mark the waitlist for a freed time"),
    "booking.offer_freed_slot": _("Offer a freed time to the waitlist"),
    "booking.open_follow_ups": _("Tell the specialist of a withdrawn consent"),
    "booking.settle_accepted_offer": _("Close an accepted offer of the waitlist"),
    "booking.settle_declined_offer": _("Pass on a declined offer of the waitlist"),
    "booking.settle_expired_offer": _("Pass on an expired offer of the waitlist"),
    "client_cabinet.enter_access": _("Enter a fulfilled request for information in the register"),
    "client_cabinet.enter_withdrawal": _("Enter the withdrawal of a consent in the register of requests"),
    "client_cabinet.publish_tombstone": _("Take the tombstone of an erasure out of the database"),
    "messaging.chain_head": _("Prepare the letters with the head of the chain of consents"),
    "messaging.confirmation_code": _("Prepare the letter with a confirmation code"),
    "messaging.contact_changed": _("Prepare the letter about a changed contact"),
    "messaging.export_ready": _("Prepare the letter about an export"),
    "messaging.invited": _("Prepare the letter with an invitation"),
    "messaging.material_shared": _("Prepare the letter about a material"),
    "messaging.canceled": _("Prepare the letter about a cancellation"),
    "messaging.confirmed": _("Prepare the letter about a confirmed appointment"),
    "messaging.declined": _("Prepare the letter about a declined request"),
    "messaging.held": _("Prepare the letter about a kept time"),
    "messaging.moved": _("Prepare the letter about a moved appointment"),
    "messaging.offered": _("Prepare the letter with an offer of a freed time"),
    "messaging.paid": _("Prepare the letter about a payment"),
    "messaging.returned": _("Prepare the letter about a refund"),
    "messaging.sign_in": _("Prepare the letter with a sign-in code"),
    "payments.enter_outside_payment": _("Enter a payment made outside"),
    "payments.execute_refund": _("Make a refund at the provider"),
    "payments.issue_late_offset_receipts": _("Prepare the receipt of a late payment"),
    "payments.issue_offset_receipts": _("Prepare the receipt after a session"),
    "payments.refund_canceled_appointment": _("Work out the refund after a cancellation"),
}
KINDS: dict[str, Text] = {
    FailureKind.OUTSIDE: _("A service outside did not answer"),
    FailureKind.DATABASE: _("The database was not available"),
    FailureKind.KILLED: _("The worker stopped at work"),
    FailureKind.REFUSED: _("A rule of the practice refused"),
    FailureKind.DEFECT: _("An error in the program"),
    FailureKind.UNKNOWN: _("The reason could not be recorded"),
}
CODES: dict[str, Text] = {
    "backup_failed": _("The backup could not be made"),
    "connection_lost": _("The connection to the service broke off"),
    "no_answer": _("The service did not answer in time"),
    "not_configured": _("Access to the service is not set up"),
    "receipt_pending": _("The receipt is still being registered"),
    "refund_pending": _("The refund is still being made"),
    "tombstones_file": _("The file of tombstones cannot be written"),
    "too_many_requests": _("The service asks to call less often"),
    "unexpected_answer": _("The service gave an answer that makes no sense"),
    "unreachable": _("The service cannot be reached"),
}
_IDS = re.compile(r"(?:^|_)(?:id|number)$")


def task_text(task_name: str, arguments: Mapping[str, Any] | None) -> str:
    """What the job does: for a stored event, what its subscriber does with it."""
    if task_name == DELIVERY:
        subscriber = str((arguments or {}).get("subscriber", ""))
        return str(SUBSCRIBERS.get(subscriber, TASKS[DELIVERY]))
    return str(TASKS.get(task_name, task_name))


def about(arguments: Mapping[str, Any] | None) -> list[str]:
    """What the job is about, as ``appointment_id: …``; ids and numbers only, whatever else it carries."""
    given = dict(arguments or {})
    event = given.pop("event", None)
    if isinstance(event, dict):
        given |= {name: value for name, value in event.items() if name != "event_id"}
    return [
        f"{name}: {value}"
        for name, value in given.items()
        if _IDS.search(name) and isinstance(value, (str, int)) and len(str(value)) <= 40
    ]


def reason_text(failure: JobFailure) -> str:
    """Why the job failed at last."""
    words = CODES.get(failure.code)
    if words is None and failure.kind == FailureKind.REFUSED:
        message = _sentences().get(failure.code)
        words = gettext(message) if message else None
    if words is not None:
        return str(words)
    text = str(KINDS.get(failure.kind, failure.kind))
    return f"{text} ({failure.code})" if failure.code else text


@cache
def _sentences() -> dict[str, str]:
    """The sentences of the domain's errors by code, but for those that need values."""
    return {each.code: each.message for each in _kinds_of(DomainError) if "%(" not in each.message}


def _kinds_of(error: type[DomainError]) -> Iterator[type[DomainError]]:
    for each in error.__subclasses__():
        yield each
        yield from _kinds_of(each)


def label(failure: JobFailure, arguments: Mapping[str, Any] | None) -> str:
    """One line for a choice: what, why, about what."""
    parts = [task_text(failure.task_name, arguments), reason_text(failure), *about(arguments)[:1]]
    return capfirst(" · ".join(parts))
