"""Who acts in the workspace."""

from django.http import HttpRequest

from apps.kernel.domain.actor import Actor
from apps.kernel.presentation.request_context import client_ip


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in member of staff, as commands, history and audit name them."""
    user = request.user
    return Actor(
        user_id=user.pk,
        role=getattr(user, "role", ""),
        ip=client_ip(request),
        user_agent=request.headers.get("User-Agent", ""),
    )
