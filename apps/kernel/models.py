from apps.kernel.infrastructure.models import IdempotencyRecord, JobFailure, PersonKey, RateLimitCounter
from apps.kernel.infrastructure.upkeep_records import BackupRun, RetentionRun

__all__ = ["BackupRun", "IdempotencyRecord", "JobFailure", "PersonKey", "RateLimitCounter", "RetentionRun"]
