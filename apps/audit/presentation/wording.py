"""Actions and things of the log in words. What is not named here is shown by its code."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.presentation.admin.readings import REASON_NAMES

ACTION_NAMES = {
    "authenticator_added": _("added an authenticator"),
    "authenticator_removed": _("removed an authenticator"),
    "authenticator_renamed": _("renamed an authenticator"),
    "client_changed": _("corrected a client's details"),
    "client_contacts_added": _("added a client's contacts"),
    "client_registered": _("added a client"),
    "contact_change_requested": _("asked to change their contact"),
    "contact_changed": _("changed their contact"),
    "contact_refused": _("proved a contact that is somebody else's"),
    "consent_document_published": _("published a consent's text"),
    "data_exported": _("exported data"),
    "data_imported": _("imported data"),
    "export_dropped": _("dropped an export of their data"),
    "export_fetched": _("fetched their data"),
    "export_requested": _("asked for their data"),
    "diary_entry_removed": _("threw an entry of their diary away"),
    "diary_entry_shared": _("shared an entry of their diary"),
    "diary_entry_unshared": _("stopped sharing an entry of their diary"),
    "intake_read": _("read an intake form"),
    "job_dismissed": _("dropped a job undone"),
    "job_tried_again": _("had a job tried again"),
    "letter_called_off": _("called a letter off"),
    "letter_sent_again": _("sent a letter again"),
    "material_changed": _("edited a material"),
    "material_discarded": _("threw the draft of a material away"),
    "material_drafted": _("wrote a material"),
    "material_shared": _("opened a material to a client"),
    "material_withdrawn": _("withdrew a material"),
    "message_template_changed": _("changed the text of a letter"),
    "message_template_reverted": _("brought back an earlier text of a letter"),
    "notifications_chosen": _("chose which letters to get"),
    "notes_read": _("read notes"),
    "other_sessions_ended": _("signed out everywhere else"),
    "outside_refund_recorded": _("recorded a refund outside the system"),
    "password_set": _("set a password"),
    "private_text_read": _("read a private text"),
    "profile_changed": _("changed their profile"),
    "recovery_codes_made": _("made new recovery codes"),
    "reminders_switched_off": _("switched reminders off"),
    "reminders_switched_on": _("switched reminders on"),
    "payment_alert_settled": _("settled an alert about money"),
    "personal_data_erased": _("erased personal data"),
    "refund_requested": _("decided a refund"),
    "role_changed": _("changed a role"),
    "schedule_changed": _("changed the schedule"),
    "second_factor_failed": _("gave a wrong second factor"),
    "second_factor_locked": _("was locked out at the second factor"),
    "second_factor_passed": _("passed the second factor"),
    "second_factors_reset": _("reset somebody's second factor"),
    "service_archived": _("archived a service"),
    "service_changed": _("changed a service"),
    "service_created": _("created a service"),
    "service_published": _("published a service"),
    "service_returned_to_draft": _("returned a service to the drafts"),
    "session_ended": _("ended one of their sessions"),
    "settings_changed": _("changed settings"),
    "signed_in": _("signed in"),
    "signed_out": _("signed out"),
    "signed_up": _("signed up"),
    "staff_added": _("added somebody to the practice"),
    "staff_invitation_accepted": _("chose a password by an invitation"),
    "staff_invitation_canceled": _("canceled an invitation"),
    "staff_invited": _("invited somebody to the practice"),
    "staff_sessions_ended": _("ended sessions of their own"),
    "staff_sign_in_failed": _("failed to sign in to the workspace"),
    "staff_sign_in_locked": _("was locked out of the workspace"),
    "staff_signed_in": _("signed in to the workspace"),
    "staff_signed_out": _("signed out of the workspace"),
    "subject_request_answered": _("answered a request about personal data"),
    "subject_request_erased": _("fulfilled a request about personal data by erasure"),
    "subject_request_extended": _("extended the term of a request about personal data"),
    "subject_request_refused": _("refused a request about personal data"),
    "subject_request_registered": _("entered a request about personal data"),
    "trial_letter_sent": _("sent a trial letter to themselves"),
    "user_blocked": _("blocked an account"),
    "user_unblocked": _("unblocked an account"),
    "waitlist_offer_made": _("offered a time to the waitlist"),
    "waitlist_offer_withdrawn": _("took back an offered time"),
    "waitlist_request_moved": _("moved a waitlist request on"),
}
ENTITY_NAMES = {
    "appointment": _("appointment"),
    "audit_log": _("activity log"),
    "auditrecord": _("activity log"),
    "client": _("client"),
    "consent_document": _("consent document"),
    "data_export": _("export of a client's data"),
    "dateoverride": _("schedule"),
    "deliverysettings": _("settings of letters"),
    "destructionact": _("act of destruction"),
    "diary_entry": _("entry of a diary"),
    "intake_form": _("intake form"),
    "intaketemplate": _("intake form template"),
    "material": _("material of a session"),
    "message": _("letter"),
    "messagetemplate": _("text of a letter"),
    "job": _("job"),
    "payment": _("payment"),
    "paymentalert": _("alert about money"),
    "service": _("service"),
    "session_notes": _("notes of a session"),
    "specialist": _("specialist"),
    "subjectrequest": _("request about personal data"),
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
    "amount": _("amount"),
    "appointment_id": _("appointment"),
    "contact": pgettext_lazy("kind of contact", "contact"),
    "client_id": _("client"),
    "count": _("rows"),
    "deadline": _("answer until"),
    "kind": _("kind"),
    "person_id": _("whose data"),
    "scope": _("what was erased"),
    "display_name": _("name"),
    "email": _("e-mail"),
    "fields": _("fields"),
    "filters": _("filters"),
    "format": _("format"),
    "method": _("way"),
    "phone": _("phone"),
    "task": _("task"),
    "price": _("price"),
    "deposit": _("prepayment"),
    "purpose": _("purpose"),
    "reading_reason": _("reason"),
    "reason": _("reason"),
    "role": _("role"),
    "status": _("status"),
    "time_zone": _("time zone"),
    "accepted_hold_minutes": _("payment of an accepted request, minutes"),
    "address": _("address"),
    "answer_within_hours": _("answer to a request, hours"),
    "appointments_touched": _("appointments outside working time"),
    "buffer_after_minutes": _("buffer after, minutes"),
    "buffer_before_minutes": _("buffer before, minutes"),
    "cancel_free_hours": _("free cancellation, hours"),
    "cancel_partial_hours": _("half refund, hours"),
    "daily_limit": _("sessions a day at most"),
    "date_overrides": _("dates that differ"),
    "duration_minutes": _("duration, minutes"),
    "expires_at": _("kept until"),
    "offer_hours": _("offer to the waitlist, hours"),
    "start": _("start"),
    "hold_minutes": _("payment of a booking, minutes"),
    "horizon_days": _("open for booking, days"),
    "intake_template_id": _("intake form"),
    "max_reschedules": _("moves at most"),
    "min_notice_hours": _("notice, hours"),
    "questions_count": _("number of questions"),
    "quiet_from": _("quiet hours from"),
    "quiet_until": _("quiet hours until"),
    "reminder_day_hours": _("first reminder, hours before"),
    "reminder_hour_hours": _("second reminder, hours before"),
    "switched_off": _("letters that are not sent"),
    "text_of_version": _("text of version"),
    "version": _("version"),
    "requires_confirmation": _("confirmed by the specialist"),
    "reschedule_min_hours": _("moving, hours before"),
    "slot_grid": _("starts are counted"),
    "slot_step_minutes": _("step between starts, minutes"),
    "slug": _("address in links"),
    "specialist_id": _("specialist"),
    "weekly_hours": _("weekly hours"),
}


def action_name(code: str) -> str:
    return str(ACTION_NAMES.get(code, code))


def entity_name(code: str) -> str:
    return str(ENTITY_NAMES.get(code, code))


def role_name(code: str) -> str:
    return str(ROLE_NAMES.get(code, code))


def field_name(code: str) -> str:
    return str(FIELD_NAMES.get(code, code))


def value_text(field: str, value: object) -> object:
    """The value of a field in words, where it is a code that people choose from a list."""
    return str(_VALUES.get(field, {}).get(str(value), value)) if isinstance(value, str) else value


_VALUES: Mapping[str, Mapping[str, Any]] = {
    "method": {
        "recovery_codes": _("recovery code"),
        "totp": _("authenticator app"),
        "webauthn": _("passkey"),
    },
    "purpose": {"sign_in": _("sign-in"), "step_up": _("confirmation of an action")},
    "reading_reason": REASON_NAMES,
}
