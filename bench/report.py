"""What was measured, as a table, and whether every bound was held."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One measured value; ``at_most`` is the bound it is held to, None for one that is only told."""

    what: str
    value: float
    unit: str
    at_most: float | None = None

    @property
    def held(self) -> bool:
        return self.at_most is None or self.value <= self.at_most


@dataclass
class Report:
    figures: list[Figure] = field(default_factory=list)

    def add(self, what: str, value: float, unit: str, at_most: float | None = None) -> None:
        figure = Figure(what, value, unit, at_most)
        self.figures.append(figure)
        print(_line(figure), flush=True)

    @property
    def held(self) -> bool:
        return all(figure.held for figure in self.figures)


def head() -> str:
    return f"{_row('what', 'measured', 'at most', '')}\n|{'-' * 64}|{'-' * 15}:|{'-' * 9}:|----|"


def _line(figure: Figure) -> str:
    bound = "" if figure.at_most is None else _number(figure.at_most)
    verdict = "" if figure.at_most is None else ("ok" if figure.held else "!!")
    return _row(figure.what, f"{_number(figure.value)} {figure.unit}".strip(), bound, verdict)


def _row(what: str, value: str, bound: str, verdict: str) -> str:
    return f"| {what:<62} | {value:>14} | {bound:>8} | {verdict:<2} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 1_000 else f"{value:.2f}"
