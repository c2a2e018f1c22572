"""What clients keep at hand."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.client_cabinet.domain.favourite import FavouriteKind
from apps.client_cabinet.infrastructure import labels


class Favourite(models.Model):
    """A pointer to something with an address of its own; P0."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("client"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=labels.FAVOURITE_KINDS)
    reference = models.CharField(_("reference"), max_length=80)
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        ordering = ["-added_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "kind", "reference"], name="favourite_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in FavouriteKind]), name="favourite_kind_known"
            ),
        ]
        indexes = [
            models.Index(F("client"), F("added_at").desc(), F("id").desc(), name="favourite_of_client")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"
