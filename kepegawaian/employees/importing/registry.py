"""The known layouts. An app adds its own from `ready()`, without this app knowing it:

    from kepegawaian.employees.importing.layouts import Column, Compared, Layout, Parsed, Row
    from kepegawaian.employees.importing.registry import register_layout

    class OpeningBalance(Layout):
        name = "leave_opening"
        label = _("Saldo awal cuti tahunan")
        right = Right.MANAGE_LEAVE
        columns = (Column("nip", ("NIP",), required=True), Column("year", ("TAHUN",), required=True), ...)
        def parse(self, row: Row) -> Parsed: ...
        def compare(self, batch: Sequence[Parsed]) -> list[Compared]: ...
        def apply(self, batch, *, actor, source) -> None: ...

    register_layout(OpeningBalance)

Upload, header matching, preview, error sheet, confirmation and history then work as for staff files.
"""

from collections.abc import Sequence

from kepegawaian.employees.importing.layouts import Header, Layout, missing_columns, refuse_header
from kepegawaian.work.reading import Cell, UnreadableSheet

_layouts: dict[str, type[Layout]] = {}


def register_layout(layout: type[Layout]) -> type[Layout]:
    _layouts[layout.name] = layout
    return layout


def layout(name: str) -> type[Layout] | None:
    return _layouts.get(name)


def layouts() -> list[type[Layout]]:
    return list(_layouts.values())


def best(cells: Sequence[Cell], names: Sequence[str]) -> tuple[type[Layout], Header] | None:
    """Of these layouts the one that knows the most columns of this header, and all its required ones."""
    fitting = []
    for candidate in _among(names):
        header = Header.match(cells, candidate.columns)
        if not missing_columns(header, candidate.columns):
            fitting.append((len(header.places), candidate, header))
    if not fitting:
        return None
    _score, chosen, header = max(fitting, key=lambda item: item[0])
    return chosen, header


def explain(cells: Sequence[Cell], names: Sequence[str]) -> UnreadableSheet:
    """One sentence on what the nearest layout misses in this header."""

    def score(candidate: type[Layout]) -> tuple[int, int]:
        header = Header.match(cells, candidate.columns)
        return len(header.places), -len(missing_columns(header, candidate.columns))

    nearest = max(_among(names), key=score)
    return refuse_header(missing_columns(Header.match(cells, nearest.columns), nearest.columns))


def _among(names: Sequence[str]) -> list[type[Layout]]:
    return [layout for name, layout in _layouts.items() if name in names]
