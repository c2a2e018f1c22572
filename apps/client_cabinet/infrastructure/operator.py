"""Who is answerable for the personal data, from the settings."""

from django.conf import settings

from apps.client_cabinet.domain.erasure import Operator


def operator() -> Operator:
    """The operator as acts of destruction name it (order 179 of Roskomnadzor, item 3)."""
    return Operator(
        name=settings.OPERATOR_NAME,
        address=settings.OPERATOR_ADDRESS,
        inn=settings.OPERATOR_INN,
        system=settings.OPERATOR_SYSTEM,
        responsible=settings.OPERATOR_RESPONSIBLE,
        position=settings.OPERATOR_RESPONSIBLE_POSITION,
        processor=settings.OPERATOR_PROCESSOR,
    )
