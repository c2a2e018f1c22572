"""Jobs of messaging."""
