"""Measures what speed was promised, each against a bare baseline in the same run.

    python -m bench [slots] [booking] [crowd] [list] [webhook] [reminders] [cipher] [diary] [export] [chain]

Works on a database of its own, made first and dropped at the end. Ends with 1 when a bound is missed.
"""

import os
import platform
import sys

import django


def main(asked: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection

    from bench import subjects
    from bench.data import make_practice
    from bench.report import Report, head
    from project import embedded_postgres

    if not os.environ.get("DATABASE_URL"):
        embedded_postgres.ensure_running(settings.DATA_DIR, testing=True)
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    report = Report()
    try:
        practice = make_practice()
        print(f"Python {platform.python_version()}, PostgreSQL {connection.pg_version // 10_000}, ", end="")
        print(f"{os.cpu_count()} cores\n\n{head()}")
        for name, subject in subjects.ALL.items():
            if not asked or name in asked:
                subject(practice, report)
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)
    print("\nEvery bound is held." if report.held else "\nA bound is missed (!!).")
    return 0 if report.held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
