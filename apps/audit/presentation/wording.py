"""Actions and things of the log in words. What is not named here is shown by its code."""

from django.utils.translation import gettext_lazy as _

ACTION_NAMES = {
    "client_changed": _("corrected a client's details"),
    "client_contacts_added": _("added a client's contacts"),
    "client_registered": _("added a client"),
    "consent_document_published": _("published a consent's text"),
    "data_exported": _("exported data"),
    "data_imported": _("imported data"),
    "intake_read": _("read an intake form"),
    "notes_read": _("read notes"),
    "password_set": _("set a password"),
    "role_changed": _("changed a role"),
    "schedule_changed": _("changed the schedule"),
    "service_archived": _("archived a service"),
    "service_changed": _("changed a service"),
    "service_created": _("created a service"),
    "service_published": _("published a service"),
    "service_returned_to_draft": _("returned a service to the drafts"),
    "signed_in": _("signed in"),
    "signed_out": _("signed out"),
    "signed_up": _("signed up"),
    "staff_added": _("added somebody to the practice"),
    "staff_sign_in_failed": _("failed to sign in to the workspace"),
    "staff_sign_in_locked": _("was locked out of the workspace"),
    "staff_signed_in": _("signed in to the workspace"),
    "staff_signed_out": _("signed out of the workspace"),
    "user_blocked": _("blocked an account"),
    "user_unblocked": _("unblocked an account"),
}
ENTITY_NAMES = {
    "appointment": _("appointment"),
    "audit_log": _("activity log"),
    "auditrecord": _("activity log"),
    "client": _("client"),
    "consent_document": _("consent document"),
    "dateoverride": _("schedule"),
    "service": _("service"),
    "specialist": _("specialist"),
    "user": _("account"),
    "waitlistrequest": _("waitlist request"),
    "weeklyhours": _("schedule"),
}
ROLE_NAMES = {
    "owner": _("owner"),
    "assistant": _("assistant"),
    "editor": _("editor"),
    "client": _("client"),
    "guest": _("guest"),
    "system": _("system"),
}
FIELD_NAMES = {
    "count": _("rows"),
    "display_name": _("name"),
    "email": _("e-mail"),
    "fields": _("fields"),
    "filters": _("filters"),
    "format": _("format"),
    "phone": _("phone"),
    "price": _("price"),
    "deposit": _("prepayment"),
    "reason": _("reason"),
    "role": _("role"),
    "status": _("status"),
    "time_zone": _("time zone"),
}


def action_name(code: str) -> str:
    return str(ACTION_NAMES.get(code, code))


def entity_name(code: str) -> str:
    return str(ENTITY_NAMES.get(code, code))


def role_name(code: str) -> str:
    return str(ROLE_NAMES.get(code, code))


def field_name(code: str) -> str:
    return str(FIELD_NAMES.get(code, code))
