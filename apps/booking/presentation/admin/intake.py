"""Pages that show private texts (P2): each opening is written to the audit log before anything is shown."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from apps.booking import wiring
from apps.booking.domain.intake import NoIntakeForm
from apps.booking.models import Appointment
from apps.booking.presentation.admin.appointment_pages import AppointmentPages
from apps.booking.presentation.admin.private_texts import may_read_private_texts
from apps.kernel.presentation.admin.acting import actor_of
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
        try:
            form = wiring.read_intake(appointment_id=row.pk, actor=actor_of(request))
        except NoIntakeForm as error:
            raise Http404 from error
        texts = [
            {"title": question, "text": answer}
            for question, answer in zip(form.questions, form.answers, strict=True)
        ]
        written = form.submitted_at or form.updated_at
        state = (
            gettext("Submitted %(when)s") if form.submitted_at else gettext("A draft, last changed %(when)s")
        )
        subtitle = state % {"when": instant_text(written, row.specialist.time_zone)}
        return self._page(request, row, title=gettext("Intake form"), subtitle=subtitle, texts=texts)

    def notes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self._readable(request, object_id)
        notes = wiring.read_notes(appointment_id=row.pk, actor=actor_of(request))
        texts = [
            {
                "title": instant_text(each.recorded_at, row.specialist.time_zone).capitalize(),
                "text": each.text,
            }
            for each in notes
        ]
        return self._page(request, row, title=gettext("Notes of the session"), subtitle="", texts=texts)

    def _readable(self, request: HttpRequest, object_id: str) -> Appointment:
        row = self.found(str(object_id))
        if not request.user.has_perm("booking.view_intakeform") or not may_read_private_texts(request, row):
            raise PermissionDenied
        return row

    def _page(self, request: HttpRequest, row: Appointment, **shown: Any) -> HttpResponse:
        back = reverse("admin:booking_appointment_change", args=[row.pk])
        context = {
            **self.admin_site.each_context(request),
            **shown,
            "client": str(row.client),
            "back": back,
            "breadcrumbs": [
                (gettext("Appointments"), reverse("admin:booking_appointment_changelist") + "?tab=upcoming"),
                (str(row.client), back),
                (shown["title"], ""),
            ],
        }
        return TemplateResponse(request, "booking/private_texts.html", context)
