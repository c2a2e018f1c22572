from apps.identity.infrastructure.models import (
    ApiSession,
    Client,
    Confirmation,
    Consent,
    ConsentDocument,
    SecondFactorSecret,
    SecondFactorTries,
    SignInCode,
    StaffInvitation,
    StaffSession,
    User,
)

__all__ = [
    "ApiSession",
    "Client",
    "Confirmation",
    "Consent",
    "ConsentDocument",
    "SecondFactorSecret",
    "SecondFactorTries",
    "SignInCode",
    "StaffInvitation",
    "StaffSession",
    "User",
]
