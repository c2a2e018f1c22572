from apps.kernel.infrastructure.models import IdempotencyRecord, JobFailure, RateLimitCounter

__all__ = ["IdempotencyRecord", "JobFailure", "RateLimitCounter"]
