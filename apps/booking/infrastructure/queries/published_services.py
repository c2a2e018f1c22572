"""Services as everybody may see them."""

from typing import Any

from django.db.models import QuerySet

from apps.booking.domain.service import ServiceNotFound, ServiceStatus
from apps.booking.infrastructure.models import Service


def published_services() -> QuerySet[Service, Service]:
    """Published services with their specialist, in the order of the practice: one statement."""
    return _published().order_by("position", "slug")


def published_service(slug: str) -> Service:
    """One of them; one statement. Raises ServiceNotFound for drafts and archived ones too."""
    row = _published().filter(slug=slug).first()
    if row is None:
        raise ServiceNotFound
    return row


def _published() -> QuerySet[Service, Any]:
    return Service.objects.filter(status=ServiceStatus.PUBLISHED).select_related("specialist")
