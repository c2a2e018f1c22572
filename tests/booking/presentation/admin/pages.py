"""Pages of the workspace as a member of staff uses them: sign in, open, fill in, send."""

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from apps.audit.infrastructure.models import AuditRecord
from tests.booking.factories import make_staff

BACKEND = "apps.identity.infrastructure.permissions.RoleBackend"


def signed_in_as(role: str = "owner", **values: Any) -> Client:
    browser = Client()
    browser.force_login(make_staff(role, **values), backend=BACKEND)
    return browser


def url(view: str, *args: Any) -> str:
    return reverse(f"admin:booking_{view}", args=args)


def typed(form: Any) -> dict[str, Any]:
    """What a browser would send of a form that was opened and not touched."""
    data = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        data[bound.html_name] = bound.field.prepare_value(value)
    return data


def opened(browser: Client, address: str) -> dict[str, Any]:
    """The untouched form of an add or change page."""
    response = browser.get(address)
    assert response.status_code == 200
    return typed(response.context["adminform"].form)


def said(response: Any) -> str:
    """The messages that the next page shows."""
    return " ".join(str(message) for message in response.context["messages"])


def audited(action: str) -> list[AuditRecord]:
    return list(AuditRecord.objects.filter(action=action).order_by("at"))


def columns(row: Model) -> dict[str, Any]:
    """The row as it is in the table now."""
    return dict(type(row)._default_manager.filter(pk=row.pk).values().get())


def dialog(browser: Client, view: str, *args: Any) -> Any:
    """Send a dialog that asks nothing."""
    return browser.post(url(view, *args), {"_form_submitted": "True"}, follow=True)
