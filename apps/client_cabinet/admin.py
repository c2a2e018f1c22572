from apps.client_cabinet.presentation.admin import materials, shared_entries

__all__ = ["materials", "shared_entries"]
