"""Use cases with their adapters."""
