"""The log of outgoing letters: what, to whom, when, with what result. Never the text."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apps.identity import facade as identity
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.day_filter import WholeDaysFilter
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action
from apps.messaging import wiring
from apps.messaging.domain.message import ALLOWED, MessageNotFound, MessageStatus, RecipientKind
from apps.messaging.infrastructure.labels import result_text
from apps.messaging.infrastructure.models import Message
from apps.messaging.infrastructure.queries import names
from apps.messaging.presentation.admin.letter_words import LABELS, moment, status_name, status_now

SEARCHED_CLIENTS = 50
SENT_AGAIN = frozenset(
    status for status, followers in ALLOWED.items() if MessageStatus.PLANNED in followers
) - {MessageStatus.SENDING}


class _NamedPeople(ChangeList):
    """Knows the names of all recipients of a page by one query."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        found = names(_person(row) for row in rows)
        for row in rows:
            row.person_name = found.get(_person(row) or UUID(int=0), "")
        self.result_list = rows


@admin.register(Message)
class LetterAdmin(ModelAdmin):
    list_display = ("shown_kind", "to", "shown_when", "shown_status", "shown_result", "attempts")
    list_display_links = ("shown_kind",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("due_at", WholeDaysFilter),
    )
    list_filter_submit = True
    list_per_page = 25
    list_fullwidth = True
    show_full_result_count = False
    sortable_by = ("shown_when",)
    ordering = ("-due_at", "-id")
    search_fields = ("id",)
    search_help_text = _("Part of the client's name, or their whole e-mail or phone")
    actions = None
    actions_detail: ClassVar = ["send_again", "call_off"]
    fields = (
        "shown_kind",
        "to",
        "shown_status",
        "shown_result",
        "due_at",
        "sent_at",
        "attempts",
        "template_version",
        "appointment",
        "created_at",
    )
    readonly_fields = ("shown_kind", "to", "shown_status", "shown_result", "appointment")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_send_again_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return _may_change(request) and self._status_of(request, object_id) in SENT_AGAIN

    def has_call_off_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return _may_change(request) and self._status_of(request, object_id) is MessageStatus.PLANNED

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _NamedPeople

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Without the link to Django's own history: what commands did is in the activity log."""
        return super().changeform_view(
            request, object_id, form_url, {**(extra_context or {}), "show_history": False}
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        clients = identity.search_clients(term=term, limit=SEARCHED_CLIENTS)
        found = queryset.filter(
            recipient_kind=RecipientKind.CLIENT.value, recipient_id__in=[str(each.id) for each in clients]
        )
        return found, False

    @dialog_action(
        title=_("Send again…"),
        heading=_("Send this letter again?"),
        description=_(
            "It is composed anew. Where the outcome was unknown, the client may get the letter twice."
        ),
        submit=_("Send"),
        permissions=["send_again"],
        icon="send",
        primary=True,
    )
    def send_again(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.send_again(message_id=_id(object_id), actor=actor_of(request))
        return Done(message=_("The letter is on its way."))

    @dialog_action(
        title=_("Do not send…"),
        heading=_("Not to send this letter?"),
        description=_("It stays in the list, and can be sent by hand later."),
        submit=_("Do not send"),
        permissions=["call_off"],
        icon="unsubscribe",
        danger=True,
    )
    def call_off(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.call_off(message_id=_id(object_id), actor=actor_of(request))
        return Done(message=_("The letter will not be sent."))

    @display(description=_("letter"))
    def shown_kind(self, row: Message) -> str:
        return str(row)

    @display(description=_("recipient"))
    def to(self, row: Message) -> str | SafeString:
        """A name as a link to the client; the address is not kept here."""
        if row.recipient_kind != RecipientKind.CLIENT.value:
            return str(row.get_recipient_kind_display())
        name = getattr(row, "person_name", None)
        if name is None:
            name = names([_person(row)]).get(_person(row) or UUID(int=0), "")
        url = reverse("admin:identity_client_change", args=[row.recipient_id])
        return format_html('<a class="ws-cell-link" href="{}">{}</a>', url, name or gettext("client"))

    @display(description=_("when"), ordering="due_at")
    def shown_when(self, row: Message) -> datetime:
        return moment(row)

    @display(description=_("status"), label=LABELS)
    def shown_status(self, row: Message) -> tuple[str, str]:
        status, _result = status_now(row, timezone.now())
        return status.value, status_name(status)

    @display(description=_("result"))
    def shown_result(self, row: Message) -> str:
        _status, result = status_now(row, timezone.now())
        return result_text(result) or "—"

    @display(description=pgettext("column", "appointment"))
    def appointment(self, row: Message) -> str | SafeString:
        if row.appointment_id is None:
            return "—"
        url = reverse("admin:booking_appointment_change", args=[row.appointment_id])
        return format_html('<a class="ws-cell-link" href="{}">{}</a>', url, gettext("Open the appointment"))

    def _status_of(self, request: HttpRequest, object_id: Any) -> MessageStatus | None:
        row = self.get_object(request, str(object_id)) if object_id else None
        return None if row is None else MessageStatus(row.status)


def _may_change(request: HttpRequest) -> bool:
    return request.user.has_perm("messaging.change_message")


def _person(row: Message) -> UUID | None:
    return UUID(row.recipient_id) if row.recipient_kind == RecipientKind.CLIENT.value else None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise MessageNotFound from error
