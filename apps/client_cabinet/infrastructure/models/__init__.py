"""Tables of the client's cabinet."""

__all__: list[str] = []
