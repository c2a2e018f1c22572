"""The pages of the workspace: the sidebar and the command palette show the ones that a person may open."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.core.cache import cache as short_memory
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.booking.infrastructure.queries.appointment_list import Tab, waiting_counts
from apps.client_cabinet.infrastructure import request_desk
from apps.identity.facade import may
from apps.identity.infrastructure.consent_desk import is_broken
from apps.payments.infrastructure.queries.desk import open_alerts
from project import attention
from project.backup.standing import is_missed

type Text = str | Promise

REQUESTS_KEY = "navigation.urgent_requests"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the workspace. ``permission`` is Django's, or ``@area.verb`` of the table of roles."""

    title: Text
    icon: str
    view: str
    permission: str
    query: str = ""
    badge: str = ""

    @cached_property
    def url(self) -> str:
        return reverse(f"admin:{self.view}")

    def is_open_to(self, request: HttpRequest) -> bool:
        if self.permission.startswith("@"):
            area, _dot, verb = self.permission.removeprefix("@").partition(".")
            return may(getattr(request.user, "role", ""), area, verb)
        return request.user.has_perm(self.permission)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether ``request`` is for this page or for one that lies under it and is none of the others."""
        path = request.path
        if path == self.url:
            return True
        under = [page.url for page in all_pages() if page.url != _index() and path.startswith(page.url)]
        return bool(under) and max(under, key=len) == self.url


@dataclass(frozen=True, kw_only=True)
class Group:
    title: Text
    pages: tuple[Page, ...]


GROUPS = (
    Group(
        title=_("Today"),
        pages=(
            Page(title=_("Overview"), icon="wb_sunny", view="index", permission="@dashboard.view"),
            Page(
                title=_("Calendar"),
                icon="calendar_month",
                view="booking_appointment_calendar",
                permission="booking.view_appointment",
            ),
            Page(
                title=_("Appointments"),
                icon="event_note",
                view="booking_appointment_changelist",
                permission="booking.view_appointment",
                query="?tab=upcoming",
                badge="project.navigation.awaiting_answer",
            ),
            Page(
                title=_("Waitlist"),
                icon="hourglass_top",
                view="booking_waitlistrequest_changelist",
                permission="booking.view_waitlistrequest",
            ),
        ),
    ),
    Group(
        title=_("Practice"),
        pages=(
            Page(
                title=_("Clients"),
                icon="group",
                view="identity_client_changelist",
                permission="identity.view_client",
            ),
            Page(
                title=_("Materials"),
                icon="description",
                view="client_cabinet_material_changelist",
                permission="client_cabinet.view_material",
            ),
            Page(
                title=_("Shared diary entries"),
                icon="auto_stories",
                view="client_cabinet_sharedentry_changelist",
                permission="client_cabinet.view_sharedentry",
            ),
            Page(
                title=_("Schedule"),
                icon="schedule",
                view="booking_weeklyhours_changelist",
                permission="booking.view_weeklyhours",
            ),
            Page(
                title=_("Services"),
                icon="self_improvement",
                view="booking_service_changelist",
                permission="booking.view_service",
            ),
            Page(
                title=_("Intake forms"),
                icon="assignment",
                view="booking_intaketemplate_changelist",
                permission="booking.view_intaketemplate",
            ),
        ),
    ),
    Group(
        title=_("Messages"),
        pages=(
            Page(
                title=_("Letters"),
                icon="mail",
                view="messaging_message_changelist",
                permission="messaging.view_message",
            ),
            Page(
                title=_("Texts of letters"),
                icon="edit_note",
                view="messaging_messagetemplate_changelist",
                permission="messaging.view_messagetemplate",
            ),
            Page(
                title=_("Settings of letters"),
                icon="schedule_send",
                view="messaging_deliverysettings_changelist",
                permission="messaging.view_deliverysettings",
            ),
        ),
    ),
    Group(
        title=_("Money"),
        pages=(
            Page(
                title=_("Payments"),
                icon="payments",
                view="payments_payment_changelist",
                permission="payments.view_payment",
            ),
            Page(
                title=_("Reconciliation and alerts"),
                icon="rule",
                view="payments_paymentalert_changelist",
                permission="payments.view_paymentalert",
                badge="project.navigation.money_alerts",
            ),
        ),
    ),
    Group(
        title=_("Audit of consents"),
        pages=(
            Page(
                title=_("Consents"),
                icon="handshake",
                view="identity_consent_changelist",
                permission="identity.view_consent",
            ),
            Page(
                title=_("Consent documents"),
                icon="contract",
                view="identity_consentdocument_changelist",
                permission="identity.view_consentdocument",
            ),
            Page(
                title=_("Drafts of consents"),
                icon="edit_document",
                view="identity_consentdraft_changelist",
                permission="identity.view_consentdraft",
            ),
            Page(
                title=_("Chain of consents"),
                icon="link",
                view="identity_consentchaincheck_changelist",
                permission="identity.view_consentchaincheck",
            ),
            Page(
                title=_("Requests about data"),
                icon="contact_support",
                view="client_cabinet_subjectrequest_changelist",
                permission="client_cabinet.view_subjectrequest",
                badge="project.navigation.urgent_requests",
            ),
            Page(
                title=_("Acts of destruction"),
                icon="delete_history",
                view="client_cabinet_destructionact_changelist",
                permission="client_cabinet.view_destructionact",
            ),
        ),
    ),
    Group(
        title=_("Settings"),
        pages=(
            Page(
                title=_("Specialists"),
                icon="psychology_alt",
                view="booking_specialist_changelist",
                permission="booking.view_specialist",
            ),
            Page(
                title=_("Staff"),
                icon="badge",
                view="identity_user_changelist",
                permission="identity.view_user",
            ),
            Page(
                title=_("Needs attention"),
                icon="notification_important",
                view="kernel_jobfailure_changelist",
                permission="kernel.view_jobfailure",
                badge="project.navigation.needing_attention",
            ),
            Page(
                title=_("Terms of keeping"),
                icon="auto_delete",
                view="kernel_retentionrun_changelist",
                permission="kernel.view_retentionrun",
            ),
            Page(
                title=_("Activity log"),
                icon="history",
                view="audit_auditrecord_changelist",
                permission="audit.view_auditrecord",
            ),
        ),
    ),
)


def all_pages() -> list[Page]:
    return [page for group in GROUPS for page in group.pages]


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's navigation: only what ``request.user`` may open."""
    return [
        {
            "title": group.title,
            "items": [_item(page, request) for page in group.pages if page.is_open_to(request)],
        }
        for group in GROUPS
    ]


def awaiting_answer(request: HttpRequest) -> str:
    """The badge beside the appointments: how many requests wait for an answer, at most 30 s old."""
    count = waiting_counts(timezone.now())[Tab.AWAITING_ANSWER]
    return str(count) if count else ""


def needing_attention(request: HttpRequest) -> str:
    """The badge beside what needs attention: jobs, a missed backup and a broken chain of
    consents, at most 30 s old."""
    count = attention.count() + is_missed() + is_broken()
    return str(count) if count else ""


def money_alerts(request: HttpRequest) -> str:
    """The badge beside the alerts about money: how many nobody has looked at, at most 30 s old."""
    count = open_alerts()
    return str(count) if count else ""


def urgent_requests(request: HttpRequest) -> str:
    """The badge beside the requests about data: how many are overdue or nearly so, at most 30 s old."""
    count = short_memory.get_or_set(REQUESTS_KEY, lambda: request_desk.urgent(timezone.localdate()).count, 30)
    return str(count) if count else ""


def _item(page: Page, request: HttpRequest) -> dict[str, Any]:
    shown = page.is_shown(request)
    item = {
        "title": page.title,
        "icon": page.icon,
        "link": page.url + page.query,
        "active": lambda _request: shown,
        "link_attrs": {"aria-current": "page"} if shown else {},
    }
    return {**item, "badge": page.badge, "badge_variant": "warning"} if page.badge else item


@cache
def _index() -> str:
    return reverse("admin:index")
