from apps.identity.infrastructure.models import (
    ApiSession,
    Client,
    Consent,
    ConsentDocument,
    SignInCode,
    User,
)

__all__ = ["ApiSession", "Client", "Consent", "ConsentDocument", "SignInCode", "User"]
