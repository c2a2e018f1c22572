"""Events of the cabinet that neighbours may hear."""

from apps.client_cabinet.domain.events import ExportReady, MaterialShared, PersonalDataErased

__all__ = ["ExportReady", "MaterialShared", "PersonalDataErased"]
