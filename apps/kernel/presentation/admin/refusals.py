"""A refusal of the domain, shown where the person can mend it."""

from collections.abc import Mapping

from django.forms import BaseForm, HiddenInput
from django.utils.translation import gettext

from apps.kernel.domain.errors import DomainError


def sentence(error: DomainError) -> str:
    """The error in the language of the page."""
    text = gettext(error.message)
    return text % error.params if error.params else text


def show_refusal(
    form: BaseForm,
    error: DomainError,
    *,
    places: Mapping[str, str] | None = None,
    words: Mapping[str, object] | None = None,
) -> None:
    """Add ``error`` to the field of ``form`` that is to blame, or to the form as a whole.

    ``places`` maps the error's field to the form's where the names differ, or the code of an error that names
    no field. ``words`` maps codes to other sentences, where the error's own speaks to a client.
    """
    name = (places or {}).get(error.field or error.code, error.field or "")
    field = form.fields.get(name)
    visible = field is not None and not isinstance(field.widget, HiddenInput)
    text = (words or {}).get(error.code) or sentence(error)
    form.add_error(name if visible else None, str(text))
