"""Tables of people, their sign-ins and their consents."""

from apps.identity.infrastructure.models.confirmation import Confirmation
from apps.identity.infrastructure.models.consent import (
    CONSENT_STATUS_NAMES,
    PURPOSE_NAMES,
    Consent,
    ConsentDocument,
    ConsentDraft,
)
from apps.identity.infrastructure.models.consent_chain import (
    LINK_KIND_NAMES,
    ConsentChainCheck,
    ConsentDestruction,
    ConsentLink,
)
from apps.identity.infrastructure.models.sign_in import ApiSession, SignInCode
from apps.identity.infrastructure.models.staff import (
    SecondFactorSecret,
    SecondFactorTries,
    StaffInvitation,
    StaffSession,
)
from apps.identity.infrastructure.models.user import ROLE_NAMES, STATUS_NAMES, Client, User, UserManager

__all__ = [
    "CONSENT_STATUS_NAMES",
    "LINK_KIND_NAMES",
    "PURPOSE_NAMES",
    "ROLE_NAMES",
    "STATUS_NAMES",
    "ApiSession",
    "Client",
    "Confirmation",
    "Consent",
    "ConsentChainCheck",
    "ConsentDestruction",
    "ConsentDocument",
    "ConsentDraft",
    "ConsentLink",
    "SecondFactorSecret",
    "SecondFactorTries",
    "SignInCode",
    "StaffInvitation",
    "StaffSession",
    "User",
    "UserManager",
]
