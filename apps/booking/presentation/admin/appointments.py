"""Appointments in the workspace. Policy: nothing is edited in plain forms, added or deleted here; each change
is a command with a dialog, and only the commands that the state allows are offered."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.infrastructure.queries.agenda import status_at
from apps.booking.infrastructure.queries.appointment_list import (
    MOST_COUNTED,
    ORDERING,
    AppointmentPaginator,
    Tab,
    matching,
    waiting_counts,
)
from apps.booking.models import Appointment
from apps.booking.presentation.admin import appointment_cells as cells
from apps.booking.presentation.admin.appointment_actions import AppointmentActions
from apps.booking.presentation.admin.appointment_commands import possible
from apps.booking.presentation.admin.appointment_filters import (
    TAB,
    AppointmentChangeList,
    DaysFilter,
    ServiceFilter,
    StatusFilter,
)
from apps.booking.presentation.admin.appointment_page import story
from apps.booking.presentation.admin.appointment_wording import (
    FORMAT_ICONS,
    FORMAT_NAMES,
    paid_text,
)
from apps.booking.presentation.admin.calendar import CalendarPages
from apps.booking.presentation.admin.follow_ups import FollowUpActions
from apps.booking.presentation.admin.intake import PrivatePages
from apps.booking.presentation.admin.resources import AppointmentExport
from apps.booking.presentation.admin.slot_pages import SlotPages
from apps.identity import facade as identity
from apps.kernel.presentation.admin.wording import instant_text

SEARCHED_CLIENTS = 200
TABS = {
    Tab.TODAY: _("Today"),
    Tab.UPCOMING: _("Upcoming"),
    Tab.AWAITING_ANSWER: _("Awaiting an answer"),
    Tab.AWAITING_PAYMENT: _("Awaiting payment"),
    Tab.WITHOUT_OUTCOME: _("Without an outcome"),
    Tab.PAST: _("Past"),
    Tab.ALL: _("All"),
}


@admin.register(Appointment)
class AppointmentAdmin(
    AppointmentExport, AppointmentActions, FollowUpActions, CalendarPages, SlotPages, PrivatePages
):
    actions_detail = (*AppointmentActions.actions_detail, "settle_follow_up")
    list_display = ("when", "client_name", "service_name", "state", "held_as", "money", "commands")
    list_display_links = ("when",)
    sortable_by = ("when",)
    list_filter = (
        ("status", StatusFilter),
        ServiceFilter,
        ("start", DaysFilter),
        ("meeting_format", StatusFilter),
    )
    list_filter_submit = True
    list_before_template = "booking/appointment_tabs.html"
    list_select_related = ("client", "specialist")
    list_per_page = 25
    list_max_show_all = 0
    list_fullwidth = True
    show_full_result_count = False
    paginator = AppointmentPaginator
    ordering = ORDERING
    search_fields = ("id",)
    search_help_text = _("Part of the client's name, their whole e-mail or phone, or a service")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_command_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether commands may be given; the state of the appointment is the use case's matter."""
        return request.user.has_perm("booking.change_appointment")

    def has_book_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("booking.add_appointment")

    def get_urls(self) -> list[URLPattern]:
        return [*self.calendar_urls(), *self.slot_urls(), *self.private_urls(), *super().get_urls()]

    # --- the list ---

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AppointmentChangeList]:
        return AppointmentChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        clients = identity.search_clients(term=term, limit=SEARCHED_CLIENTS)
        return queryset.filter(matching(term, client_ids=[client.id for client in clients])), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        chosen = request.GET.get(TAB, Tab.ALL)
        counts = waiting_counts(timezone.now())
        kept = {name: str(value) for name, value in request.GET.items() if name not in {TAB, "p", "o"}}
        tabs = [
            {
                "title": title,
                "url": f"?{urlencode({**kept, TAB: tab})}",
                "active": tab == chosen,
                "count": _counted(counts.get(tab, 0)),
            }
            for tab, title in TABS.items()
        ]
        return super().changelist_view(
            request,
            {**(extra_context or {}), "ws_tabs": tabs, "ws_tab": chosen, "title": gettext("Appointments")},
        )

    @display(description=_("when"), ordering="start")
    def when(self, row: Appointment) -> str:
        return instant_text(row.start, row.specialist.time_zone).capitalize()

    @display(description=_("client"))
    def client_name(self, row: Appointment) -> SafeString:
        return cells.link(reverse("admin:identity_client_change", args=[row.client_id]), str(row.client))

    @display(description=_("service"))
    def service_name(self, row: Appointment) -> str:
        return row.terms["name"]

    @display(description=_("status"))
    def state(self, row: Appointment) -> SafeString:
        return cells.badge(_status(row))

    @display(description=_("format"))
    def held_as(self, row: Appointment) -> SafeString:
        return cells.with_icon(FORMAT_ICONS[row.meeting_format], FORMAT_NAMES[row.meeting_format])

    @display(description=_("paid"))
    def money(self, row: Appointment) -> str:
        return paid_text(row.paid_minor, row.terms["price_minor"], row.terms["currency"])

    @display(description=_("actions"))
    def commands(self, row: Appointment) -> SafeString:
        if not self.has_command_permission(self.request):
            return SafeString("")
        offered = possible(
            status=_status(row),
            start=row.start,
            paid_minor=row.paid_minor,
            price_minor=row.terms["price_minor"],
            now=timezone.now(),
        )
        return cells.menu(row.pk, offered)

    # --- the page of one appointment ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.found(object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **story(row, request, now=timezone.now()),
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "booking/appointment_page.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The timeline of the page is the history."""
        return HttpResponseRedirect(
            reverse("admin:booking_appointment_change", args=[self.found(object_id).pk])
        )


def _status(row: Appointment) -> AppointmentStatus:
    return status_at(row.status, row.hold_expires_at, row.answer_due_at, now=timezone.now())


def _counted(count: int) -> str:
    if not count:
        return ""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
