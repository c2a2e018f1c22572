from apps.kernel.infrastructure.models import IdempotencyRecord, RateLimitCounter

__all__ = ["IdempotencyRecord", "RateLimitCounter"]
