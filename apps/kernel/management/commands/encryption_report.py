"""``manage.py encryption_report``."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from apps.kernel.infrastructure.ciphertexts import columns, count_by_key
from apps.kernel.infrastructure.encryption import encryption_service, key_ring
from apps.kernel.models import PersonKey


class Command(BaseCommand):
    help = "Tell what is encrypted, by which adapter and under which generation of key-encryption keys."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"adapter: {encryption_service().scheme}; "
            f"generations at hand: {', '.join(key_ring().generations)}"
        )
        for column in columns():
            self.stdout.write(f"{column}")
            for (scheme, generation), number in sorted(count_by_key(column).items()):
                self.stdout.write(f"  {scheme} {generation}: {number}".replace(" :", ":"))
        self.stdout.write("keys of people")
        for row in (
            PersonKey.objects.filter(destroyed_at=None).values("generation").annotate(number=Count("id"))
        ).order_by("generation"):
            self.stdout.write(f"  {row['generation']}: {row['number']}")
        self.stdout.write(f"  destroyed: {PersonKey.objects.exclude(destroyed_at=None).count()}")
