"""The cabinet's part of the API."""

from django.urls import path, re_path

from apps.client_cabinet.domain.favourite import REFERENCE_PATTERN, FavouriteKind
from apps.client_cabinet.presentation.api import diary, erasure, exports, favourites, materials, statuses

statuses.register()

_KINDS = "|".join(FavouriteKind)

urlpatterns = [
    path("me/diary/", diary.Diary.as_view(), name="diary"),
    path("me/diary/<uuid:entry_id>/", diary.DiaryEntryDetail.as_view(), name="diary-entry"),
    path("me/diary/<uuid:entry_id>/share/", diary.DiaryEntryShare.as_view(), name="diary-entry-share"),
    path("me/erasure/", erasure.Erasures.as_view(), name="erasures"),
    path("me/erasure/plan/", erasure.ErasurePlanView.as_view(), name="erasure-plan"),
    path(
        "me/erasure/<uuid:erasure_id>/confirmation/",
        erasure.ErasureConfirmation.as_view(),
        name="erasure-confirmation",
    ),
    path("me/exports/", exports.Exports.as_view(), name="exports"),
    path("me/exports/<uuid:export_id>/", exports.ExportDetail.as_view(), name="export"),
    path("me/exports/<uuid:export_id>/file/", exports.ExportFile.as_view(), name="export-file"),
    path("me/favourites/", favourites.Favourites.as_view(), name="favourites"),
    re_path(
        rf"^me/favourites/(?P<kind>{_KINDS})/(?P<reference>{REFERENCE_PATTERN})/$",
        favourites.FavouritePlace.as_view(),
        name="favourite",
    ),
    path("me/materials/", materials.Materials.as_view(), name="materials"),
    path("me/materials/<uuid:material_id>/", materials.MaterialDetail.as_view(), name="material"),
]
