"""How long the cabinet's papers are kept: acts of destruction three years (order 179 of Roskomnadzor)."""

from datetime import datetime, timedelta

from apps.client_cabinet.domain.data_export import ExportStatus
from apps.client_cabinet.domain.erasure import ErasureStatus
from apps.client_cabinet.infrastructure.models import (
    DataExport,
    DestructionAct,
    ErasureRequest,
    SubjectRequest,
)
from apps.kernel.application.retention import RetentionRule, Term, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.append_only import YEARS_OF_PROOF
from apps.kernel.infrastructure.retention import remove_expired, remove_oldest

CLOCKS_APART = timedelta(hours=1)
"""The database decides by its own clock which acts may go; a request never outlives its act."""


def _acts(cut_off: datetime, most: int) -> int:
    for requests in (ErasureRequest.objects, SubjectRequest.objects):
        remove_oldest(requests.filter(act__at__lt=cut_off + CLOCKS_APART).order_by("act__at"), most)
    return remove_expired(DestructionAct._meta.db_table, most)


def _closed_requests(cut_off: datetime, most: int) -> int:
    return remove_oldest(SubjectRequest.objects.filter(closed_at__lt=cut_off).order_by("closed_at"), most)


def _unproved_requests(cut_off: datetime, most: int) -> int:
    waiting = ErasureRequest.objects.filter(
        status=ErasureStatus.AWAITING_CODE.value, requested_at__lt=cut_off
    )
    return remove_oldest(waiting.order_by("requested_at"), most)


def _exports(cut_off: datetime, most: int) -> int:
    ended = DataExport.objects.filter(
        status__in=[ExportStatus.EXPIRED.value, ExportStatus.FAILED.value], created_at__lt=cut_off
    )
    return remove_oldest(ended.order_by("created_at"), most)


def register_rules() -> None:
    register(
        RetentionRule(
            code="destruction_acts",
            title=gettext_noop("Acts of destruction"),
            since=gettext_noop("after the destruction"),
            term=Term(years=YEARS_OF_PROOF),
            remove=_acts,
        ),
        RetentionRule(
            code="subject_requests",
            title=gettext_noop("Requests about data that were dealt with"),
            since=gettext_noop("after the answer"),
            term=Term(years=YEARS_OF_PROOF),
            remove=_closed_requests,
        ),
        RetentionRule(
            code="unproved_erasures",
            title=gettext_noop("Erasures that were asked for and never confirmed"),
            since=gettext_noop("after the request"),
            term=Term(days=90),
            remove=_unproved_requests,
        ),
        RetentionRule(
            code="data_exports",
            title=gettext_noop("Notes of exports whose file is gone"),
            since=gettext_noop("after the request"),
            term=Term(days=90),
            remove=_exports,
        ),
    )
