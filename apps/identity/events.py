"""Events of identity that neighbours may hear."""

from apps.identity.domain.events import SignInCodeRequested

__all__ = ["SignInCodeRequested"]
