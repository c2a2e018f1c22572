"""Materials in PostgreSQL; title and text are encrypted by the model's fields."""

from uuid import UUID

from apps.client_cabinet.domain.material import Material, MaterialNotFound
from apps.client_cabinet.infrastructure import models
from apps.client_cabinet.infrastructure.mappers import apply_material, to_material


class PostgresMaterialRepository:
    def get(self, material_id: UUID) -> Material:
        row = models.Material.objects.select_for_update().filter(id=material_id).first()
        if row is None:
            raise MaterialNotFound
        return to_material(row)

    def add(self, material: Material) -> None:
        row = models.Material()
        apply_material(material, row)
        row.save(force_insert=True)

    def save(self, material: Material) -> None:
        row = models.Material()
        apply_material(material, row)
        row.save(force_update=True)

    def remove(self, material_id: UUID) -> None:
        models.Material.objects.filter(id=material_id).delete()
