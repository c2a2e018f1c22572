from apps.identity.presentation.admin import clients, consents, staff

__all__ = ["clients", "consents", "staff"]
