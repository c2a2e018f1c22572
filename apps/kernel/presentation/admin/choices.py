"""A choice whose consequences can be read before it is made."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string


@dataclass(frozen=True, kw_only=True)
class Card:
    """One choice: a title and, below it, what it means."""

    value: str
    title: str
    note: str = ""


class ChoiceCards(forms.RadioSelect):
    """Radio buttons as cards; set ``cards`` beside the field's choices to add notes."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__(attrs, choices)
        self.notes: dict[str, str] = {}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        cards = [
            Card(value=str(key), title=str(title), note=self.notes.get(str(key), ""))
            for key, title in self.choices
        ]
        context = {"name": name, "cards": cards, "value": "" if value is None else str(value)}
        return render_to_string("kernel/choice_cards.html", context)

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return ""


def set_cards(field: forms.ChoiceField, cards: list[Card]) -> None:
    """Offer ``cards`` in a field whose widget is ChoiceCards."""
    field.choices = [(card.value, card.title) for card in cards]
    field.widget.notes = {card.value: card.note for card in cards}
