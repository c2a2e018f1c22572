"""The demo practice: believable, deterministic, made through the real use cases with a clock that can be moved."""
