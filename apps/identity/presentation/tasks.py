"""Jobs of identity."""
