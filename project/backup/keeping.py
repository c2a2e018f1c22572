"""Which backups stay: all of the last two days, the newest of each of the last days and of the last weeks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from project.backup.making import made_at

ALL_OF = timedelta(hours=48)
"""Of this time before the newest one every backup stays: one made by hand replaces none of the night's."""


def superfluous(moments: Iterable[datetime], *, daily: int, weekly: int) -> set[datetime]:
    """Those that need not be kept: neither the newest of one of the last ``daily`` days that have a backup,
    nor of one of the last ``weekly`` weeks that have one, nor of the last two days."""
    newest_first = sorted(set(moments), reverse=True)
    kept = {moment for moment in newest_first if newest_first[0] - moment < ALL_OF}
    for most, bucket in ((daily, _day), (weekly, _week)):
        buckets: dict[tuple[int, ...], datetime] = {}
        for moment in newest_first:
            buckets.setdefault(bucket(moment), moment)
        kept |= set(list(buckets.values())[:most])
    return set(newest_first) - kept


def drop_superfluous(directory: Path, *, daily: int, weekly: int) -> list[Path]:
    """Delete the backups in ``directory`` that need not be kept; return which. Other files are left alone."""
    files = {moment: file for file in directory.iterdir() if (moment := made_at(file)) is not None}
    dropped = [files[moment] for moment in sorted(superfluous(files, daily=daily, weekly=weekly))]
    for file in dropped:
        file.unlink()
    return dropped


def _day(moment: datetime) -> tuple[int, ...]:
    return (moment.year, moment.month, moment.day)


def _week(moment: datetime) -> tuple[int, ...]:
    return tuple(moment.isocalendar())[:2]
