"""The waitlist in the workspace. Policy: nothing is edited; a request moves on by commands with dialogs."""

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.booking import models, wiring
from apps.booking.domain.waitlist import ALLOWED, PreferredContact, WaitlistStatus
from apps.booking.infrastructure.queries.waitlist_list import only_done, only_open, queue
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import Done, dialog_action
from apps.kernel.presentation.admin.wording import instant_text, zone_text

COMMANDS = {
    "contacted": WaitlistStatus.CONTACTED,
    "booked": WaitlistStatus.BOOKED,
    "close": WaitlistStatus.CLOSED,
}


class QueueFilter(admin.SimpleListFilter):
    """Open requests unless something else is asked for."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("done", _("done with")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *rest = super().choices(changelist)
        yield {**first, "display": gettext("waiting")}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return only_done(queryset) if self.value() == "done" else only_open(queryset)


@admin.register(models.WaitlistRequest)
class WaitlistAdmin(ModelAdmin):
    list_display = ("joined", "shown_service", "shown_window", "freed_time", "contact_by", "shown_status")
    list_display_links = ("joined",)
    list_filter = (QueueFilter, "status", "window", "service")
    list_per_page = 25
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("created_at", "id")
    sortable_by = ()
    actions = None
    actions_detail: ClassVar = ["contacted", "booked", "close"]
    fields = (
        "shown_name",
        "shown_contact",
        "shown_service",
        "shown_window",
        "freed_time",
        "status",
        "joined",
        "shown_zone",
        "shown_client",
        "consent_version",
    )
    readonly_fields = fields

    class Media:
        css: ClassVar = {"all": ["booking/offer.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_move_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("booking.change_waitlistrequest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.WaitlistRequest]:
        return queue(super().get_queryset(request), now=wiring.clock.now())

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        actions = super().get_actions_detail(request, object_id)
        waiting = self.get_object(request, str(object_id))
        following = ALLOWED[WaitlistStatus(waiting.status)] if waiting else frozenset()
        return [
            each
            for each in actions
            if COMMANDS[each.action_name.removeprefix("booking_waitlistrequest_")] in following
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"title": gettext("Waitlist request"), "subtitle": None, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    @display(description=_("joined"), ordering="created_at")
    def joined(self, waiting: models.WaitlistRequest) -> str:
        return instant_text(waiting.created_at, _zone(waiting), now=wiring.clock.now(), weekday=False)

    @display(description=_("service"))
    def shown_service(self, waiting: models.WaitlistRequest) -> str:
        return waiting.service.name

    @display(description=_("suitable time"))
    def shown_window(self, waiting: models.WaitlistRequest) -> str:
        return str(waiting.get_window_display())

    @display(description=_("freed time"))
    def freed_time(self, waiting: models.WaitlistRequest) -> str:
        freed = getattr(waiting, "freed", None)
        if freed is None:
            return "—"
        when = instant_text(freed, _zone(waiting), now=wiring.clock.now())
        return gettext("Freed: %(when)s") % {"when": when}

    @display(description=_("contact by"))
    def contact_by(self, waiting: models.WaitlistRequest) -> str:
        return str(waiting.get_preferred_contact_display())

    @display(
        description=_("status"),
        label={
            "new": "warning",
            "offered": "info",
            "contacted": "info",
            "booked": "success",
            "closed": "default",
        },
    )
    def shown_status(self, waiting: models.WaitlistRequest) -> tuple[str, str]:
        return waiting.status, str(waiting.get_status_display())

    @display(description=_("name"))
    def shown_name(self, waiting: models.WaitlistRequest) -> str:
        return waiting.name or "—"

    @display(description=_("contact"))
    def shown_contact(self, waiting: models.WaitlistRequest) -> str | SafeString:
        kind, contact = waiting.preferred_contact, waiting.contact
        way = str(waiting.get_preferred_contact_display())
        schemes = {PreferredContact.EMAIL: "mailto:", PreferredContact.PHONE: "tel:"}
        scheme = schemes.get(PreferredContact(kind))
        if scheme is None:
            return f"{way}: {contact}"
        return format_html('{}: <a class="underline" href="{}{}">{}</a>', way, scheme, contact, contact)

    @display(description=_("client's time zone"))
    def shown_zone(self, waiting: models.WaitlistRequest) -> str:
        return zone_text(waiting.time_zone, wiring.clock.now())

    @display(description=_("account"))
    def shown_client(self, waiting: models.WaitlistRequest) -> str | SafeString:
        if waiting.client_id is None:
            return gettext("a guest, without an account")
        url = reverse("admin:identity_client_change", args=[waiting.client_id])
        return format_html('<a class="underline" href="{}">{}</a>', url, waiting.client)

    @dialog_action(
        title=_("Contacted"),
        heading=_("You have contacted this person"),
        description=_("The request stays in the queue, marked as contacted, until it is booked or closed."),
        submit=_("Mark as contacted"),
        icon="call",
        permissions=["move"],
    )
    def contacted(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._move(request, object_id, "contacted", gettext("The request is marked as contacted."))

    @dialog_action(
        title=_("Booked"),
        heading=_("This person has got an appointment"),
        description=_("The request leaves the queue. The appointment itself is made on its own page."),
        submit=_("Mark as booked"),
        icon="event_available",
        permissions=["move"],
        primary=True,
    )
    def booked(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._move(request, object_id, "booked", gettext("The request is marked as booked."))

    @dialog_action(
        title=_("Close"),
        heading=_("Close the request"),
        description=_("The person waits no longer. A closed request is not opened again."),
        submit=_("Close the request"),
        icon="close",
        permissions=["move"],
    )
    def close(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._move(request, object_id, "close", gettext("The request is closed."))

    def _move(self, request: HttpRequest, object_id: str, command: str, message: str) -> Done:
        wiring.move_waitlist_request(
            actor=actor_of(request), request_id=UUID(str(object_id)), status=COMMANDS[command]
        )
        return Done(message=message)


def _zone(waiting: models.WaitlistRequest) -> str:
    return waiting.service.specialist.time_zone
