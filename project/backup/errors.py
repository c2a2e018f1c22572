"""What can go wrong with a backup, in sentences for the person who runs it."""


class BackupError(Exception):
    """Nothing was made, or nothing was changed; the text says why and what to do. It names no data."""
