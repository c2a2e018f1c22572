from apps.audit.infrastructure.models import AuditRecord

__all__ = ["AuditRecord"]
