"""The demo practice: believable and deterministic, lived through the real use cases by a clock of its own."""
