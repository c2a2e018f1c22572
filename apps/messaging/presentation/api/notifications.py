"""Which letters a client gets: the optional ones are switched off and on one by one."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.kernel.presentation.client_calls import IsClient, PrivateView, actor_of, client_id_of
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.messaging import wiring
from apps.messaging.domain.kinds import OPTIONAL_KINDS, MessageKind
from apps.messaging.infrastructure import labels
from apps.messaging.presentation.api.notification_serializers import (
    NotificationChoiceSerializer,
    NotificationsSerializer,
)

HINTS = {
    "personal_data": _("Letters about your bookings, payments and account. They always come."),
    "communications": _("News, groups, prices: letters that are not about your bookings."),
    "telegram": _("Messages in Telegram."),
}
"""What rests on which consent."""

_EXAMPLE = OpenApiExample(
    "Reminders, but no advice",
    value={
        "letters": [
            {"kind": "how_to_prepare", "title": "Как подготовиться", "on": False},
            {"kind": "reminder_day", "title": "Первое напоминание", "on": True},
            {"kind": "reminder_hour", "title": "Второе напоминание", "on": True},
            {"kind": "material_shared", "title": "Материал после встречи", "on": True},
        ],
        "quiet_hours": {"start": "21:00", "end": "09:00"},
        "consents": [
            {
                "purpose": "communications",
                "granted": False,
                "hint": "Новости, группы, цены: письма, которые не связаны с вашими записями.",
            }
        ],
    },
    response_only=True,
    status_codes=["200"],
)
_CHOICE = OpenApiExample("No advice", value={"switched_off": ["how_to_prepare"]}, request_only=True)


class Notifications(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="me_notifications_retrieve",
        tags=["me"],
        summary="Which letters you get",
        description="The optional ones; all others are about your bookings, payments and account.",
        responses={200: NotificationsSerializer},
        examples=[_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        client_id = client_id_of(request)
        return Response(_seen(client_id, off=wiring.opt_outs.of(client_id)))

    @extend_schema(
        operation_id="me_notifications_update",
        tags=["me"],
        summary="Switch optional letters off and on",
        description="`switched_off` is the whole choice: what it does not name is switched on.",
        request=NotificationChoiceSerializer,
        responses={200: NotificationsSerializer},
        examples=[_CHOICE, _EXAMPLE],
    )
    def put(self, request: Request) -> Response:
        body = NotificationChoiceSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = [MessageKind(each) for each in body.validated_data["switched_off"]]
        off = wiring.choose_letters(off=wanted, actor=actor_of(request))
        return Response(_seen(client_id_of(request), off=off))


def _seen(client_id: UUID, *, off: frozenset[MessageKind]) -> Any:
    quiet = wiring.settings.rules().quiet_hours
    granted = wiring.people.consents(client_id, purposes=tuple(HINTS), at=wiring.clock.now())
    shown = {
        "letters": [
            {"kind": code, "title": str(title), "on": MessageKind(code) not in off}
            for code, title in labels.KINDS
            if MessageKind(code) in OPTIONAL_KINDS
        ],
        "quiet_hours": {"start": f"{quiet.start:%H:%M}", "end": f"{quiet.end:%H:%M}"},
        "consents": [
            {"purpose": purpose, "granted": purpose in granted, "hint": str(hint)}
            for purpose, hint in HINTS.items()
        ],
    }
    return NotificationsSerializer(shown).data
