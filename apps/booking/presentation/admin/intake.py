"""Pages that show private texts (P2): each opening takes a reason, and is written to the audit log with it
before anything is shown."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from apps.booking import models, wiring
from apps.booking.domain.intake import NoIntakeForm
from apps.booking.models import Appointment
from apps.booking.presentation.admin.appointment_pages import AppointmentPages
from apps.booking.presentation.admin.private_texts import may_read_private_texts
from apps.kernel.application.ports import KeyDestroyed
from apps.kernel.domain.readings import ReadingReason
from apps.kernel.presentation.admin.acting import actor_of
from apps.kernel.presentation.admin.readings import show_after_reason
from apps.kernel.presentation.admin.wording import instant_text


class PrivatePages(AppointmentPages):
    """Addresses of the ModelAdmin."""

    def private_urls(self) -> list[URLPattern]:
        return [
            self.named("<uuid:object_id>/intake/", never_cache(self.intake_view), "intake"),
            self.named("<uuid:object_id>/notes/", never_cache(self.notes_view), "notes"),
        ]

    def intake_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._readable(request, object_id)
        if not models.IntakeForm.objects.filter(appointment=row.pk).exists():
            raise Http404
        title = gettext("Intake form")

        def show(reason: ReadingReason) -> HttpResponse:
            try:
                form = wiring.read_intake(appointment_id=row.pk, reason=reason, actor=actor_of(request))
            except NoIntakeForm as error:
                raise Http404 from error
            except KeyDestroyed:
                return self._destroyed(request, row, title)
            texts = [
                {"title": question, "text": answer}
                for question, answer in zip(form.questions, form.answers, strict=True)
            ]
            written = form.submitted_at or form.updated_at
            submitted, draft = gettext("Submitted %(when)s"), gettext("A draft, last changed %(when)s")
            when = {"when": instant_text(written, row.specialist.time_zone)}
            subtitle = (submitted if form.submitted_at else draft) % when
            return self._page(request, row, title=title, subtitle=subtitle, texts=texts)

        return self._after_reason(request, row, title, show)

    def notes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._readable(request, object_id)
        title = gettext("Notes of the session")

        def show(reason: ReadingReason) -> HttpResponse:
            try:
                notes = wiring.read_notes(appointment_id=row.pk, reason=reason, actor=actor_of(request))
            except KeyDestroyed:
                return self._destroyed(request, row, title)
            texts = [
                {
                    "title": instant_text(each.recorded_at, row.specialist.time_zone).capitalize(),
                    "text": each.text,
                }
                for each in notes
            ]
            return self._page(request, row, title=title, subtitle="", texts=texts)

        return self._after_reason(request, row, title, show)

    def _after_reason(
        self,
        request: HttpRequest,
        row: Appointment,
        title: str,
        show: Callable[[ReadingReason], HttpResponse],
    ) -> HttpResponse:
        return show_after_reason(
            request,
            context=self.admin_site.each_context(request),
            title=title,
            about=str(row.client),
            back=_back(row),
            breadcrumbs=_breadcrumbs(row, title),
            show=show,
        )

    def _destroyed(self, request: HttpRequest, row: Appointment, title: str) -> HttpResponse:
        subtitle = gettext("Destroyed: the client has erased their data.")
        return self._page(request, row, title=title, subtitle=subtitle, texts=(), destroyed=True)

    def _readable(self, request: HttpRequest, object_id: str) -> Appointment:
        row = self.found(str(object_id))
        if not request.user.has_perm("booking.view_intakeform") or not may_read_private_texts(request, row):
            raise PermissionDenied
        return row

    def _page(self, request: HttpRequest, row: Appointment, **shown: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **shown,
            "client": str(row.client),
            "back": _back(row),
            "breadcrumbs": _breadcrumbs(row, shown["title"]),
        }
        return TemplateResponse(request, "booking/private_texts.html", context)


def _back(row: Appointment) -> str:
    return reverse("admin:booking_appointment_change", args=[row.pk])


def _breadcrumbs(row: Appointment, title: str) -> list[tuple[str, str]]:
    appointments = reverse("admin:booking_appointment_changelist") + "?tab=upcoming"
    return [(gettext("Appointments"), appointments), (str(row.client), _back(row)), (title, "")]
