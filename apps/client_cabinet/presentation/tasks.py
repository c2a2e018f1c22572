"""Jobs of the client's cabinet."""
