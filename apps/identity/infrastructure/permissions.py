"""Django's permissions, derived from the table of roles: nothing is stored, no query is made."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from apps.identity.domain.roles import Area, Verb, may

AREAS: dict[str, Area] = {
    "audit.auditrecord": Area.AUDIT,
    "booking.appointment": Area.SCHEDULE,
    "booking.dateoverride": Area.SCHEDULE,
    "booking.followup": Area.SCHEDULE,
    "booking.intakeform": Area.PRIVATE_TEXTS,
    "booking.intaketemplate": Area.SERVICES,
    "booking.outcomerecord": Area.SCHEDULE,
    "booking.service": Area.SERVICES,
    "booking.specialist": Area.SETTINGS,
    "booking.timelineentry": Area.SCHEDULE,
    "booking.waitlistoffer": Area.SCHEDULE,
    "booking.waitlistrequest": Area.SCHEDULE,
    "booking.weeklyhours": Area.SCHEDULE,
    "client_cabinet.material": Area.PRIVATE_TEXTS,
    "client_cabinet.sharedentry": Area.PRIVATE_TEXTS,
    "client_cabinet.destructionact": Area.CONSENTS,
    "client_cabinet.subjectrequest": Area.CONSENTS,
    "identity.client": Area.SCHEDULE,
    "identity.consent": Area.CONSENTS,
    "identity.consentchaincheck": Area.CONSENTS,
    "identity.consentdocument": Area.CONSENTS,
    "identity.consentdraft": Area.CONSENTS,
    "identity.user": Area.SETTINGS,
    "kernel.jobfailure": Area.SETTINGS,
    "kernel.retentionrun": Area.SETTINGS,
    "messaging.deliverysettings": Area.SETTINGS,
    "messaging.message": Area.LEADS,
    "messaging.messagetemplate": Area.LEADS,
    "payments.ledgerentry": Area.PAYMENTS,
    "payments.payment": Area.PAYMENTS,
    "payments.paymentalert": Area.PAYMENTS,
    "payments.receipt": Area.PAYMENTS,
    "payments.refund": Area.PAYMENTS,
}
"""Which area a model belongs to; a model that is not named here is closed to everybody."""

HISTORY_PREFIX = "historical"


class RoleBackend(ModelBackend):
    """Signs in by e-mail and password, and answers ``has_perm`` from the role alone.

    A permission is ``app.verb_model``: ``booking.view_appointment``, ``booking.export_service``. The history
    of a model (``historicalservice``) is as open as the model.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: object = None) -> bool:
        if not getattr(user_obj, "is_active", False):
            return False
        app_label, _, codename = perm.partition(".")
        verb, _, model = codename.partition("_")
        area = AREAS.get(f"{app_label}.{model.removeprefix(HISTORY_PREFIX)}")
        return area is not None and may(user_obj.role, area, verb)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        if not getattr(user_obj, "is_active", False):
            return False
        return any(
            may(user_obj.role, area, Verb.VIEW)
            for model, area in AREAS.items()
            if model.partition(".")[0] == app_label
        )

    def get_all_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        if not getattr(user_obj, "is_active", False):
            return set()
        return {
            f"{app_label}.{verb}_{name}"
            for (app_label, _, name), area in ((model.partition("."), area) for model, area in AREAS.items())
            for verb in Verb
            if may(user_obj.role, area, verb)
        }

    def get_user_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        return set()
