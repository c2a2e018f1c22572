"""The door for the provider's notifications."""

from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.kernel.presentation.request_context import client_ip
from apps.payments import wiring
from apps.payments.domain.alert import AlertKind
from apps.payments.infrastructure.later import heed_notification_later
from apps.payments.infrastructure.models import PaymentNotification
from apps.payments.infrastructure.yookassa.notification import NotificationInvalid, parse_notification
from apps.payments.infrastructure.yookassa.senders import is_provider_address

_log = structlog.get_logger("payments")
LARGEST_BODY = 64 * 1024  # bytes; the provider's own are under 4 KiB


@csrf_exempt
@require_POST
def yookassa_webhook(request: HttpRequest) -> HttpResponse:
    """Store the hint and answer 200: its payment is read at the provider by a job, which alone changes state.

    403 for a sender outside the provider's networks, 413 for a body over 64 KiB, 400 for what is no
    notification; each leaves an alert for the specialist. 5xx makes the provider send it again.
    """
    sender = client_ip(request)
    if not is_provider_address(sender, settings.YOOKASSA_NETWORKS):
        return _refused(AlertKind.FORGED_SENDER, sender, status=403)
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        return _refused(AlertKind.MALFORMED_NOTIFICATION, sender, status=413, reason="too_large")
    try:
        notification = parse_notification(body)
    except NotificationInvalid as error:
        return _refused(AlertKind.MALFORMED_NOTIFICATION, sender, status=400, **error.params)
    if not notification.ignorable:
        with transaction.atomic():
            row = PaymentNotification.objects.create(
                event=notification.event,
                object_id=notification.object_id,
                claims=notification.claims,
                received_at=timezone.now(),
            )
            heed_notification_later(row.pk, object_id=notification.object_id)
    return HttpResponse(status=200)


def _refused(kind: AlertKind, sender: str, *, status: int, **details: Any) -> HttpResponse:
    _log.warning("notification refused", kind=kind.value)
    wiring.alerts.note(kind=kind, reference=sender, at=timezone.now(), details=details)
    return HttpResponse(status=status)
