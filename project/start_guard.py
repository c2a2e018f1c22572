"""What must hold before the application opens: nobody who was erased has come back with a backup."""

from apps.client_cabinet.facade import TombstonesUnreadable, unanswered_tombstones

ADVICE = (
    "A backup was restored that does not know of {count} erasure(s). Run "
    "`python manage.py replay_tombstones` first; until then the application does not open."
)


class MustNotOpen(SystemExit):
    """Ends the process that was about to serve; the text says what to do."""


def refuse_before_replay() -> None:
    """Called when web and worker start. Raises MustNotOpen while a tombstone is unanswered, and when the file
    of tombstones cannot be understood."""
    try:
        count = len(unanswered_tombstones())
    except (TombstonesUnreadable, OSError) as error:
        raise MustNotOpen(f"TOMBSTONES_FILE cannot be read: {error}") from error
    if count:
        raise MustNotOpen(ADVICE.format(count=count))


def nobody_has_come_back() -> bool:
    """For ``/health/ready``: whether every tombstone is answered."""
    try:
        return not unanswered_tombstones()
    except (TombstonesUnreadable, OSError):
        return False
