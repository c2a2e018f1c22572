"""Events of identity that neighbours may hear."""

from apps.identity.domain.events import (
    ConfirmationCodeRequested,
    ConsentChainHeadPublished,
    ConsentWithdrawn,
    SignInCodeRequested,
    StaffInvited,
)

__all__ = [
    "ConfirmationCodeRequested",
    "ConsentChainHeadPublished",
    "ConsentWithdrawn",
    "SignInCodeRequested",
    "StaffInvited",
]
