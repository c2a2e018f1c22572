"""How long audit records are kept."""

from apps.audit.infrastructure.models import AuditRecord
from apps.kernel.application.retention import RetentionRule, Term, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.append_only import YEARS_OF_PROOF
from apps.kernel.infrastructure.retention import remove_expired


def register_rules() -> None:
    register(
        RetentionRule(
            code="audit_records",
            title=gettext_noop("Records of the activity log"),
            since=gettext_noop("after the action"),
            term=Term(years=YEARS_OF_PROOF),
            remove=lambda _cut_off, most: remove_expired(AuditRecord._meta.db_table, most),
        )
    )
