"""Pieces of dialogs: free times and found clients, as the person types and chooses."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from apps.booking.presentation.admin.appointment_pages import AppointmentPages
from apps.booking.presentation.admin.booking_form import found_html, slots_html
from apps.booking.presentation.admin.slot_picker import first_day, new_times_of, render_slots


class SlotPages(AppointmentPages):
    """Addresses of the ModelAdmin; reads only."""

    def slot_urls(self) -> list[URLPattern]:
        return [
            self.named("slots/", self.slots_view, "slots"),
            self.named("clients/", self.clients_view, "clients"),
            self.named("<uuid:object_id>/new-times/", self.new_times_view, "new_times"),
        ]

    def slots_view(self, request: HttpRequest) -> HttpResponse:
        _ensure(request, "booking.add_appointment")
        slug = request.GET.get("service", "").replace("\0", "")
        return HttpResponse(
            slots_html(slug, request.GET.get("from_day"), chosen=request.GET.get("start", ""))
        )

    def new_times_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        _ensure(request, "booking.change_appointment")
        row = self.found(str(object_id))
        find = partial(new_times_of, row.pk, first_day(request.GET.get("from_day")))
        return HttpResponse(render_slots(find, chosen=request.GET.get("start", "")))

    def clients_view(self, request: HttpRequest) -> HttpResponse:
        _ensure(request, "identity.view_client")
        return HttpResponse(found_html(request.GET.get("term", "").replace("\0", "")))


def _ensure(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
