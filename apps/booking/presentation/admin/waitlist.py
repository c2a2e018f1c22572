"""The waitlist in the workspace. Policy: nothing is edited; a request moves on by commands with dialogs."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.booking import models, wiring
from apps.booking.infrastructure.queries.waitlist_list import only_done, only_open, queue
from apps.booking.presentation.admin.waitlist_actions import WaitlistActions
from apps.booking.presentation.admin.waitlist_form import found
from apps.booking.presentation.admin.waitlist_page import story
from apps.kernel.presentation.admin.wording import instant_text, length_text


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
class WaitlistAdmin(WaitlistActions, ModelAdmin):
    list_display = (
        "joined",
        "shown_service",
        "shown_window",
        "offer_or_opening",
        "contact_by",
        "shown_status",
    )
    list_display_links = ("joined",)
    list_filter = (QueueFilter, "status", "window", "service")
    list_per_page = 25
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("created_at", "id")
    sortable_by = ()
    actions = None
    list_before_template = "booking/waitlist_intro.html"

    class Media:
        css: ClassVar = {"all": ["booking/offer.css"]}
        js: ClassVar = ["booking/countdown.js"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_move_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether commands may be given; the state of the request is the use case's matter."""
        return request.user.has_perm("booking.change_waitlistrequest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.WaitlistRequest]:
        return queue(super().get_queryset(request), now=wiring.clock.now())

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = found(object_id)
        if request.method != "GET" or not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **story(row, request, now=wiring.clock.now()),
            "opts": self.opts,
            "media": self.media,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "booking/waitlist_page.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The activity log tells who moved it; the page shows its offers."""
        return HttpResponseRedirect(
            reverse("admin:booking_waitlistrequest_change", args=[found(object_id).pk])
        )

    @display(description=_("waits since"), ordering="created_at")
    def joined(self, waiting: models.WaitlistRequest) -> SafeString:
        now = wiring.clock.now()
        return format_html(
            '{}<span class="ws-sub">{}</span>',
            instant_text(waiting.created_at, _zone(waiting), now=now, weekday=False),
            gettext("waits for %(length)s") % {"length": length_text(now - waiting.created_at)},
        )

    @display(description=_("service"))
    def shown_service(self, waiting: models.WaitlistRequest) -> str:
        return waiting.service.name

    @display(description=_("suitable time"))
    def shown_window(self, waiting: models.WaitlistRequest) -> str:
        return str(waiting.get_window_display())

    @display(description=_("offer"))
    def offer_or_opening(self, waiting: models.WaitlistRequest) -> str | SafeString:
        now = wiring.clock.now()
        for offer in getattr(waiting, "kept", []):
            return format_html(
                '{}<span class="ws-sub" data-until="{}">{}</span>',
                instant_text(offer.start, _zone(waiting), now=now),
                offer.expires_at.isoformat(),
                gettext("kept for another %(left)s") % {"left": length_text(offer.expires_at - now)},
            )
        freed = getattr(waiting, "freed", None)
        if freed is None:
            return "—"
        return gettext("Freed: %(when)s") % {"when": instant_text(freed, _zone(waiting), now=now)}

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


def _zone(waiting: models.WaitlistRequest) -> str:
    return waiting.service.specialist.time_zone
