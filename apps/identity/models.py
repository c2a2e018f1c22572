from apps.identity.infrastructure.models import (
    ApiSession,
    Client,
    Confirmation,
    Consent,
    ConsentDocument,
    SignInCode,
    User,
)

__all__ = ["ApiSession", "Client", "Confirmation", "Consent", "ConsentDocument", "SignInCode", "User"]
