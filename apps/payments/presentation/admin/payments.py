"""Payments in the workspace. Policy: nothing is edited, added or deleted; money goes back by a dialog."""

from contextlib import suppress
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from apps.identity import facade as identity
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.day_filter import WholeDaysFilter
from apps.kernel.presentation.admin.dialogs import DialogForm, Done, dialog_action
from apps.payments import wiring
from apps.payments.infrastructure.later import settle_soon
from apps.payments.infrastructure.queries.desk import listed, whole
from apps.payments.models import Payment
from apps.payments.presentation.admin import wording
from apps.payments.presentation.admin.dialog_forms import OutsideRefundForm, RefundForm, as_id
from apps.payments.presentation.admin.payment_page import story

SEARCHED_CLIENTS = 200


class StatusFilter(ChoicesDropdownFilter):
    title = _("status")


@admin.register(Payment)
class PaymentAdmin(ModelAdmin):
    list_display = ("started", "client_name", "paid_for", "kind_shown", "sum", "state", "way", "given_back")
    list_display_links = ("started",)
    list_filter = (("status", StatusFilter), ("created_at", WholeDaysFilter))
    list_filter_submit = True
    list_per_page = 25
    list_max_show_all = 0
    list_fullwidth = True
    show_full_result_count = False
    ordering = ("-created_at", "-id")
    sortable_by = ("started",)
    search_fields = ("provider_id",)
    search_help_text = _("Part of the client's name, their whole e-mail or phone, or the number at ЮKassa")
    actions = None
    actions_detail: ClassVar = ["refund", "look_up"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_money_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether money may be moved; how much is the use case's matter."""
        return request.user.has_perm("payments.change_payment")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.outside_refund)
        outside = path("outside/<uuid:object_id>/refund/", view, name="payments_payment_outside_refund")
        return [outside, *super().get_urls()]

    # --- the list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return listed(super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        clients = identity.search_clients(term=term, limit=SEARCHED_CLIENTS)
        found = Q(provider_id__istartswith=term) | Q(client_id__in=[client.id for client in clients])
        with suppress(ValueError):
            found |= Q(pk=UUID(term)) | Q(appointment_id=UUID(term))
        return queryset.filter(found), False

    @display(description=_("when"), ordering="created_at")
    def started(self, row: Payment) -> str:
        return wording.when(row.created_at).capitalize()

    @display(description=_("client"))
    def client_name(self, row: Payment) -> SafeString:
        return _link(reverse("admin:identity_client_change", args=[row.client_id]), str(row.client))

    @display(description=_("appointment"))
    def paid_for(self, row: Payment) -> SafeString:
        return _link(reverse("admin:booking_appointment_change", args=[row.appointment_id]), row.description)

    @display(description=_("what is paid"))
    def kind_shown(self, row: Payment) -> str:
        return str(wording.KIND_NAMES[row.kind])

    @display(description=_("amount"))
    def sum(self, row: Payment) -> str:
        return wording.amount(row.amount_minor, row.currency)

    @display(description=_("status"))
    def state(self, row: Payment) -> SafeString:
        return wording.status_chip(row.status)

    @display(description=_("way of paying"))
    def way(self, row: Payment) -> str:
        return wording.method_text(row.method)

    @display(description=_("Given back"))
    def given_back(self, row: Any) -> str:
        return wording.amount(row.refunded_minor, row.currency) if row.refunded_minor else "—"

    # --- the page of one payment ---

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        payment = whole(as_id(object_id))
        if payment is None:
            raise Http404
        if request.method != "GET" or not self.has_view_permission(request, payment):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **story(payment, request, now=timezone.now()),
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "payments/payment_page.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The timeline of the page is the history."""
        return HttpResponseRedirect(reverse("admin:payments_payment_change", args=[as_id(object_id)]))

    @dialog_action(
        title=_("Give money back…"),
        heading=_("Give money back"),
        description=_("The money goes back the way it was paid. The bank may take a few days."),
        submit=_("Give back"),
        permissions=["money"],
        form_class=RefundForm,
        icon="undo",
        step_up=True,
        danger=True,
    )
    def refund(self, request: HttpRequest, form: RefundForm, object_id: str) -> Done:
        wiring.refund_payment(actor=actor_of(request), payment_id=form.payment.pk, **form.asked())
        given = wording.amount(form.cleaned_data["amount"].minor)
        return Done(
            message=gettext("%(amount)s are on their way back to the client.") % {"amount": given},
            url=reverse("admin:payments_payment_change", args=[form.payment.pk]),
        )

    @dialog_action(
        title=_("Check at ЮKassa"),
        heading=_("Look the payment up at ЮKassa?"),
        description=_("What is written there decides. Nothing is charged or given back by looking."),
        submit=_("Look it up"),
        permissions=["money"],
        icon="sync",
    )
    def look_up(self, request: HttpRequest, form: DialogForm, object_id: str) -> Done:
        payment = whole(as_id(object_id))
        if payment is None:
            raise Http404
        settle_soon(payment.pk)
        return Done(
            message=gettext("The payment is being looked up. Refresh the page in a few seconds."),
            url=reverse("admin:payments_payment_change", args=[payment.pk]),
        )

    @dialog_action(
        title=_("Record a refund outside the system…"),
        heading=_("A refund outside the system"),
        description=_("For money that came in cash or by transfer and that you have given back yourself."),
        submit=_("Record"),
        permissions=["money"],
        form_class=OutsideRefundForm,
        icon="undo",
        step_up=True,
    )
    def outside_refund(self, request: HttpRequest, form: OutsideRefundForm, object_id: UUID) -> Done:
        wiring.record_outside_refund(
            actor=actor_of(request), appointment_id=form.appointment.id, **form.asked()
        )
        return Done(
            message=gettext("The refund is recorded."),
            url=reverse("admin:booking_appointment_change", args=[form.appointment.id]),
        )


def _link(url: str, text: str) -> SafeString:
    return format_html('<a class="ws-cell-link" href="{}">{}</a>', url, text)
