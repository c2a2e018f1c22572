"""Alerts about money and the comparison with the provider. Policy: nothing is edited; a person says that
they have looked, and can have a period compared again."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList

from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action
from apps.payments import wiring
from apps.payments.infrastructure.later import compare_later
from apps.payments.infrastructure.queries.desk import (
    differences_since,
    forget_open_alerts,
    open_alerts,
    progress_of,
)
from apps.payments.models import PaymentAlert
from apps.payments.presentation.admin import wording
from apps.payments.presentation.admin.alert_wording import (
    KIND_NAMES,
    advice_of,
    details_of,
    text_of,
    words_of,
)
from apps.payments.presentation.admin.dialog_forms import ComparisonForm

TAB, SETTLED = "tab", "settled"
LONGEST_ID = 18
RUN = ("run", "parts", "since")
"""What the address of the list tells of a comparison that was started: see :func:`_banner`."""


class AlertChangeList(ChangeList):
    """Open alerts, or with ``tab=settled`` those that somebody has looked at."""

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        for name in (TAB, *RUN):
            found.pop(name, None)
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows = super().get_queryset(request, exclude_parameters)
        return rows.filter(settled_at__isnull=request.GET.get(TAB) != SETTLED)


@admin.register(PaymentAlert)
class PaymentAlertAdmin(ModelAdmin):
    list_display = ("kind_shown", "what", "seen", "payment_link", "commands")
    list_display_links = ("kind_shown",)
    list_filter = ("kind",)
    list_select_related = ("payment__client",)
    list_before_template = "payments/alert_tabs.html"
    list_per_page = 25
    list_max_show_all = 0
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("-last_at", "-id")
    sortable_by = ()
    actions = None
    actions_list: ClassVar = ["compare"]
    actions_detail: ClassVar = ["settle"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_money_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("payments.change_paymentalert")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress)
        progress = path(
            "progress/<uuid:run>/<int:parts>/<int:since>/", view, name="payments_paymentalert_progress"
        )
        return [progress, *super().get_urls()]

    # --- the list ---

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AlertChangeList]:
        return AlertChangeList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        settled = request.GET.get(TAB) == SETTLED
        count = open_alerts()
        tabs = [
            {"title": gettext("To look at"), "url": "?", "active": not settled, "count": count},
            {"title": gettext("Looked at"), "url": f"?{TAB}={SETTLED}", "active": settled, "count": 0},
        ]
        context = {"title": gettext("Reconciliation and alerts"), "tabs": tabs, "banner": _banner(request)}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    @display(description=_("kind"))
    def kind_shown(self, row: PaymentAlert) -> SafeString:
        words = words_of(row.kind)
        return wording.chip(words.tone, words.icon, KIND_NAMES[row.kind])

    @display(description=_("what happened"))
    def what(self, row: PaymentAlert) -> SafeString:
        details = "; ".join(f"{name}: {value}" for name, value in details_of(row))
        return format_html(
            '<span class="ws-alert-text">{}</span><span class="ws-sub">{}</span>', text_of(row), details
        )

    @display(description=_("when"))
    def seen(self, row: PaymentAlert) -> SafeString | str:
        last = wording.when(row.last_at).capitalize()
        if row.times == 1:
            return last
        times = ngettext("%(count)d time since %(when)s", "%(count)d times since %(when)s", row.times)
        since = times % {"count": row.times, "when": wording.when(row.first_at)}
        return format_html('{}<span class="ws-sub">{}</span>', last, since)

    @display(description=_("payment"))
    def payment_link(self, row: PaymentAlert) -> SafeString | str:
        if row.payment is None:
            return "—"
        url = reverse("admin:payments_payment_change", args=[row.payment_id])
        text = f"{row.payment.client}, {wording.amount(row.payment.amount_minor, row.payment.currency)}"
        return format_html('<a class="ws-cell-link" href="{}">{}</a>', url, text)

    @display(description=_("actions"))
    def commands(self, row: PaymentAlert) -> SafeString:
        if row.settled_at is not None or not self.has_money_permission(self.request):
            return SafeString("")
        url = reverse("admin:payments_paymentalert_settle", args=[row.pk])
        return format_html(
            '<a href="{0}" hx-get="{0}" hx-target="#modal-content" hx-select="#dialog"'
            ' x-on:htmx:after-on-load="openModal = true" class="ws-button ws-button-small">{1}</a>',
            url,
            gettext("Looked at"),
        )

    # --- one alert ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = _found(object_id)
        if request.method != "GET" or not self.has_view_permission(request, row):
            raise PermissionDenied
        words = words_of(row.kind)
        payment_url = reverse("admin:payments_payment_change", args=[row.payment_id]) if row.payment else ""
        context = {
            **self.admin_site.each_context(request),
            "title": str(KIND_NAMES[row.kind]).capitalize(),
            "breadcrumbs": [
                (gettext("Reconciliation and alerts"), reverse("admin:payments_paymentalert_changelist")),
                (str(KIND_NAMES[row.kind]), ""),
            ],
            "alert": row,
            "chip": wording.chip(words.tone, words.icon, KIND_NAMES[row.kind]),
            "text": text_of(row),
            "advice": advice_of(row),
            "details": details_of(row),
            "first": wording.when(row.first_at),
            "last": wording.when(row.last_at),
            "payment_url": payment_url,
            "settled": wording.when(row.settled_at) if row.settled_at else "",
            "settle_url": reverse("admin:payments_paymentalert_settle", args=[row.pk])
            if row.settled_at is None and self.has_money_permission(request)
            else "",
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "payments/alert_page.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(
            reverse("admin:payments_paymentalert_change", args=[_found(object_id).pk])
        )

    @dialog_action(
        title=_("Looked at"),
        heading=_("Have you looked into it?"),
        description=_("The alert leaves the list. If the same thing happens again, a new one appears."),
        submit=_("Yes, it is settled"),
        permissions=["money"],
        icon="done",
    )
    def settle(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        wiring.settle_alert(actor=actor_of(request), alert_id=_found(object_id).pk)
        forget_open_alerts()
        return Done(
            message=gettext("The alert is settled."), url=reverse("admin:payments_paymentalert_changelist")
        )

    @dialog_action(
        title=_("Compare a period…"),
        heading=_("Compare a period with ЮKassa"),
        description=_("Every night the last days are compared by themselves. Here you can choose others."),
        submit=_("Compare"),
        permissions=["money"],
        form_class=ComparisonForm,
        icon="compare_arrows",
    )
    def compare(self, request: HttpRequest, form: ComparisonForm) -> Done:
        started = timezone.now()
        asked = compare_later(form.cleaned_data["since"], form.cleaned_data["until"])
        query: str = urlencode(
            [("run", str(asked.run)), ("parts", asked.parts), ("since", int(started.timestamp()))]
        )
        return Done(
            message=gettext("The comparison has begun."),
            url=f"{reverse('admin:payments_paymentalert_changelist')}?{query}",
        )

    def progress(self, request: HttpRequest, run: UUID, parts: int, since: int) -> HttpResponse:
        """A piece of the list's page: how far a comparison is; asks for itself again until that is done."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "payments/comparison.html", {"banner": _standing(run, parts, since)})


def _banner(request: HttpRequest) -> dict[str, Any] | None:
    """How the comparison stands that the address tells of; None where it tells of none."""
    try:
        run, parts, since = (request.GET[name] for name in RUN)
        return _standing(UUID(run), int(parts), int(since))
    except (KeyError, ValueError, OverflowError):
        return None


def _standing(run: UUID, parts: int, since: int) -> dict[str, Any]:
    progress = progress_of(run)
    done = max(parts - progress.left, 0)
    return {
        "url": reverse("admin:payments_paymentalert_progress", args=[run, parts, since]),
        "is_ready": not progress.left,
        "failing": progress.failing,
        "share": round(100 * done / parts) if parts else 100,
        "differences": differences_since(datetime.fromtimestamp(since, UTC)) if not progress.left else 0,
    }


def _found(object_id: str) -> PaymentAlert:
    """Raises Http404 for an unknown or malformed id."""
    rows = PaymentAlert.objects.select_related("payment__client", "settled_by")
    known = str(object_id).isascii() and str(object_id).isdecimal() and len(str(object_id)) <= LONGEST_ID
    row = rows.filter(pk=object_id).first() if known else None
    if row is None:
        raise Http404
    return row
