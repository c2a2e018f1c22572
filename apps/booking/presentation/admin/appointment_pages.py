"""What the pages around appointments share: their addresses and how they find one."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from apps.booking.models import Appointment


class AppointmentPages(ModelAdmin):
    """Pages beside the list of appointments are methods of its admin."""

    def named(self, route: str, view: Any, name: str) -> URLPattern:
        """A page of the workspace for signed-in staff."""
        return path(route, self.admin_site.admin_view(view), name=f"booking_appointment_{name}")

    def found(self, object_id: str) -> Appointment:
        """Raises Http404 for an unknown or malformed id."""
        try:
            id_ = UUID(object_id)
        except ValueError as error:
            raise Http404 from error
        rows = Appointment.objects.select_related("client", "specialist", "service__intake_template")
        row = rows.filter(pk=id_).first()
        if row is None:
            raise Http404
        return row
