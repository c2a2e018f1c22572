"""The workspace of messaging: texts, letters, settings."""
