"""How long sign-ins are remembered: no longer than a code, a session or a look at an attack needs it."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings

from apps.identity.domain.sign_in import WINDOW_SECONDS
from apps.identity.infrastructure.confirmations import KEPT_FOR
from apps.identity.infrastructure.models import (
    ApiSession,
    Confirmation,
    SignInCode,
    StaffInvitation,
    StaffSession,
)
from apps.kernel.application.retention import RetentionRule, Term, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.retention import removes_oldest


def register_rules() -> None:
    longest = max(WINDOW_SECONDS, int(settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT))
    register(
        RetentionRule(
            code="sign_in_codes",
            title=gettext_noop("Addresses that asked for a sign-in code, and the codes"),
            since=gettext_noop("after the last request"),
            term=Term(hours=-(-longest // 3600)),
            remove=removes_oldest(SignInCode, "requested_at"),
            hourly=True,
        ),
        RetentionRule(
            code="confirmations",
            title=gettext_noop("Steps confirmed by a code"),
            since=gettext_noop("after the last request"),
            term=_term(KEPT_FOR),
            remove=removes_oldest(Confirmation, "requested_at"),
            hourly=True,
        ),
        RetentionRule(
            code="api_sessions",
            title=gettext_noop("Sessions of clients"),
            since=gettext_noop("until they end"),
            term=Term(),
            remove=removes_oldest(ApiSession, "expires_at"),
            hourly=True,
        ),
        RetentionRule(
            code="staff_sessions",
            title=gettext_noop("Sessions of the workspace"),
            since=gettext_noop("until they end"),
            term=Term(),
            remove=removes_oldest(StaffSession, "expires_at"),
            hourly=True,
        ),
        RetentionRule(
            code="staff_invitations",
            title=gettext_noop("Invitations to the workspace"),
            since=gettext_noop("after the invitation ended"),
            term=Term(days=90),
            remove=removes_oldest(StaffInvitation, "expires_at"),
        ),
        *(
            RetentionRule(
                code=code,
                title=title,
                since=gettext_noop("after the try"),
                term=Term(days=90),
                remove=removes_oldest(model, "attempt_time"),
            )
            for code, title, model in (
                ("wrong_passwords", gettext_noop("Wrong passwords, counted for lockouts"), AccessAttempt),
                ("wrong_sign_ins", gettext_noop("Log of failed sign-ins to the workspace"), AccessFailureLog),
                ("sign_ins", gettext_noop("Log of sign-ins to the workspace"), AccessLog),
            )
        ),
    )


def _term(length: timedelta) -> Term:
    return Term(days=length.days, hours=length.seconds // 3600)
