"""Plain forms that notice when the record has changed since the page was opened."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from apps.kernel.domain.errors import StaleVersion


class VersionedModelForm(forms.ModelForm):
    """A model form for models with a ``version`` column; the saving code makes it grow.

    A form that was opened at an older version is refused with StaleVersion's sentence, never saved over.
    """

    expected_version = forms.IntegerField(label="", widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:  # noqa: SLF001 - Django's documented state of a model instance
            self.initial["expected_version"] = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.instance._state.adding:  # noqa: SLF001
            model = type(self.instance)
            rows = model._default_manager.filter(pk=self.instance.pk)  # noqa: SLF001
            now = rows.select_for_update().values_list("version", flat=True).first()
            if self.cleaned_data.get("expected_version") != now:
                self.add_error(
                    None, forms.ValidationError(gettext(StaleVersion.message), code=StaleVersion.code)
                )
        return cleaned
