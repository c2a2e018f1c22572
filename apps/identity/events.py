"""Events of identity that neighbours may hear."""

from apps.identity.domain.events import (
    ConfirmationCodeRequested,
    ConsentChainHeadPublished,
    ConsentWithdrawn,
    ContactChanged,
    SignInCodeRequested,
    StaffInvited,
)

__all__ = [
    "ConfirmationCodeRequested",
    "ConsentChainHeadPublished",
    "ConsentWithdrawn",
    "ContactChanged",
    "SignInCodeRequested",
    "StaffInvited",
]
