"""Invitations of people of the practice: a link by e-mail that lets them choose a password."""

from datetime import timedelta

from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop

LIFETIME = timedelta(hours=72)
"""How long a link lives, counted from when its letter was written."""


class InvitationInvalid(NotFound):
    """Unknown, used, canceled, replaced by a newer one or expired: one answer for all."""

    code = "invitation_invalid"
    message = gettext_noop("This link is no longer valid. Ask the owner of the practice for a new one.")


class NoOpenInvitation(DomainError):
    code = "no_open_invitation"
    message = gettext_noop("There is no invitation to cancel.")
