"""Registered in presentation/admin."""
