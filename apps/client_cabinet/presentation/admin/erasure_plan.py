"""What an erasure of a client would take, for the dialog that asks for it."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from apps.client_cabinet import wiring
from apps.client_cabinet.domain.erasure import Scope
from apps.client_cabinet.infrastructure.models import SubjectRequest


def plan_for(request_id: Any) -> dict[str, Any]:
    """The plan for the client that a request names; empty where it names none. Raises Http404."""
    try:
        row = SubjectRequest.objects.select_related("person").filter(pk=UUID(str(request_id))).first()
    except ValueError as error:
        raise Http404 from error
    if row is None:
        raise Http404
    if row.person is None:
        return {"client": "", "plan": None}
    plan = wiring.plan_erasure(person_id=row.person.pk, scope=Scope.ACCOUNT, entry_id=None, at=timezone.now())
    return {
        "client": str(row.person),
        "going": [(gettext(each.title), each.count) for each in plan.going],
        "kept": [
            {"what": gettext(each.what), "ground": gettext(each.ground), "years": each.years}
            for each in plan.kept
        ],
        "obstacles": [gettext(each.message) for each in plan.obstacles],
    }
