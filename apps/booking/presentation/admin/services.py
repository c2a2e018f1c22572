"""Services in the workspace: what is sold, at which price, by which rules."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList

from apps.booking import models, wiring
from apps.booking.domain.service import ServiceStatus
from apps.booking.infrastructure.queries.next_free import next_free
from apps.booking.presentation.admin.service_forms import SECTIONS, ServiceForm
from apps.booking.presentation.admin.service_page import panels
from apps.booking.presentation.admin.service_transfer import ServiceTransfer
from apps.kernel.domain.errors import DomainError
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.dialogs import Done, dialog_action
from apps.kernel.presentation.admin.refusals import sentence
from apps.kernel.presentation.admin.wording import instant_text, length_text, money_text

LONG_TEXTS = ("description", "for_whom", "how_it_goes")
STEPS = {
    ServiceStatus.DRAFT: ("publish", "archive"),
    ServiceStatus.PUBLISHED: ("return_to_draft", "archive"),
    ServiceStatus.ARCHIVED: ("publish", "return_to_draft"),
}
"""The commands that make sense in each status, in the order of their buttons."""


class ServiceList(ChangeList):
    """Adds the next free time to every row of the page, in a fixed number of statements."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        bookable = [row for row in rows if row.status == ServiceStatus.PUBLISHED]
        found = next_free(bookable, now=wiring.clock.now())
        for row in rows:
            row.next_free = found.get(row.pk)
        self.result_list = rows


@admin.register(models.Service)
class ServiceAdmin(ServiceTransfer, ModelAdmin):
    form = ServiceForm
    list_display = (
        "shown_name",
        "shown_format",
        "duration",
        "shown_price",
        "shown_status",
        "shown_next_free",
    )
    list_display_links = ("shown_name",)
    list_filter = ("status", "format", "specialist")
    search_fields = ("name", "internal_name", "slug")
    search_help_text = _("Name or address in links")
    list_select_related = ("specialist",)
    list_per_page = 25
    show_full_result_count = False
    actions = None
    actions_detail: ClassVar = ["publish", "return_to_draft", "archive"]
    prepopulated_fields: ClassVar = {}
    list_fullwidth = True
    warn_unsaved_form = True
    compressed_fields = False
    change_form_outer_before_template = "admin/booking/service/next_times.html"
    change_form_outer_after_template = "admin/booking/service/history.html"
    fieldsets = SECTIONS

    class Media:
        css: ClassVar = {"all": ["booking/offer.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ServiceList

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Services are archived, never deleted: appointments and their history refer to them."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if self._may_edit(request, obj):
            return fieldsets
        return [
            (name, {**options, "fields": [each for each in options["fields"] if each != "expected_version"]})
            for name, options in fieldsets
        ]

    def _may_edit(self, request: HttpRequest, obj: Any) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in LONG_TEXTS:
            field.widget.attrs["rows"] = 4
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Specialists and intake forms have pages of their own.
            field.widget = field.widget.widget
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        specialists = list(models.Specialist.objects.all()[:2])
        if len(specialists) == 1:
            initial.setdefault("specialist", specialists[0].pk)
        return initial

    # --- the list ---

    @display(description=_("service"), ordering="name", header=True)
    def shown_name(self, service: models.Service) -> tuple[str, str]:
        return service.name, service.internal_name

    @display(description=_("format"), ordering="format")
    def shown_format(self, service: models.Service) -> str:
        return str(service.get_format_display())

    @display(description=_("duration"), ordering="duration_minutes")
    def duration(self, service: models.Service) -> str:
        return length_text(timedelta(minutes=service.duration_minutes))

    @display(description=_("price"), ordering="price_minor")
    def shown_price(self, service: models.Service) -> str:
        if not service.price_minor:
            return gettext("free of charge")
        text = money_text(service.price_minor)
        if service.deposit_minor is None:
            return text
        prepaid = gettext("prepayment %(amount)s") % {"amount": money_text(service.deposit_minor)}
        return f"{text}, {prepaid}"

    @display(
        description=_("status"),
        ordering="status",
        label={"draft": "warning", "published": "success", "archived": "info"},
    )
    def shown_status(self, service: models.Service) -> tuple[str, str]:
        return service.status, str(service.get_status_display())

    @display(description=_("next free time"))
    def shown_next_free(self, service: models.Service) -> str:
        if service.status != ServiceStatus.PUBLISHED:
            return "—"
        start = getattr(service, "next_free", None)
        if start is None:
            return gettext("no free time")
        return instant_text(start, service.specialist.time_zone, now=wiring.clock.now())

    # --- one service, as those see it who may not change it ---

    @display(description=_("price, roubles"))
    def price(self, service: models.Service) -> str:
        return money_text(service.price_minor)

    @display(description=_("prepayment, roubles"))
    def deposit(self, service: models.Service) -> str:
        return "—" if service.deposit_minor is None else money_text(service.deposit_minor)

    # --- one service ---

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor = actor_of(request)
        if change:
            expected = form.cleaned_data["expected_version"]
            wiring.change_service(actor=actor, card=form.card, expected_version=expected)
        else:
            wiring.add_service(actor=actor, card=form.card)
            obj._state.adding = False  # noqa: SLF001 - Django's documented state

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"title": gettext("New service"), **(extra_context or {})}
        service = self.get_object(request, object_id) if object_id else None
        if service is not None and self.has_view_permission(request, service):
            context |= {"title": service.name, "subtitle": None, **panels(service)}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except DomainError as error:
            # Somebody was faster between the form's check and the saving.
            messages.error(request, sentence(error))
            return HttpResponseRedirect(request.get_full_path())

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The history stands on the page of the service itself."""
        url = reverse(f"{self.admin_site.name}:booking_service_change", args=[object_id])
        return HttpResponseRedirect(f"{url}#history")

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[Any]:
        actions = super().get_actions_detail(request, object_id)
        service = self.get_object(request, str(object_id))
        fitting = STEPS[ServiceStatus(service.status)] if service else ()
        return [each for each in actions if each.action_name.removeprefix("booking_service_") in fitting]

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Service]:
        return super().get_queryset(request).select_related("specialist")

    @dialog_action(
        title=_("Publish"),
        heading=_("Publish the service"),
        description=_("Clients will see it and can book it at once, by the rules that are saved now."),
        submit=_("Publish"),
        icon="visibility",
        permissions=["change"],
        primary=True,
    )
    def publish(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._move(request, object_id, ServiceStatus.PUBLISHED, gettext("The service is published."))

    @dialog_action(
        title=_("Take back to draft"),
        heading=_("Take the service back to draft"),
        description=_("It disappears from the site. Appointments that are already booked stay as they are."),
        submit=_("Take back"),
        icon="edit_note",
        permissions=["change"],
    )
    def return_to_draft(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._move(request, object_id, ServiceStatus.DRAFT, gettext("The service is a draft again."))

    @dialog_action(
        title=_("Archive"),
        heading=_("Archive the service"),
        description=_(
            "It can no longer be booked and leaves the list of what you offer. "
            "Appointments that are already booked stay as they are, and so does the history."
        ),
        submit=_("Archive"),
        icon="inventory_2",
        permissions=["change"],
    )
    def archive(self, request: HttpRequest, form: Any, object_id: str) -> Done:
        return self._move(request, object_id, ServiceStatus.ARCHIVED, gettext("The service is archived."))

    def _move(self, request: HttpRequest, object_id: str, status: ServiceStatus, message: str) -> Done:
        wiring.move_service(actor=actor_of(request), service_id=UUID(str(object_id)), status=status)
        return Done(message=message)
