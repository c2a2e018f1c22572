from apps.kernel.infrastructure.models import IdempotencyRecord, JobFailure, PersonKey, RateLimitCounter

__all__ = ["IdempotencyRecord", "JobFailure", "PersonKey", "RateLimitCounter"]
