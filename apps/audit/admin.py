from apps.audit.presentation import admin

__all__ = ["admin"]
