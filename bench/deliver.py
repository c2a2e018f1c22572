"""One worker that delivers what is due, and tells how it went: ``python -m bench.deliver SMTP_URL``."""

import json
import resource
import sys
from time import perf_counter

import django


def main(smtp_url: str) -> None:
    django.setup()
    from django.test.utils import override_settings

    from apps.messaging import wiring
    from project.mail_url import mailer

    with override_settings(MAILERS={"default": mailer(smtp_url)}):
        begun = perf_counter()
        delivered = wiring.deliver_due()()
        seconds = perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kib = peak // 1024 if sys.platform == "darwin" else peak
    print(
        json.dumps({"sent": delivered.sent, "others": delivered.others, "seconds": seconds, "peak_kib": kib})
    )


if __name__ == "__main__":
    main(sys.argv[1])
