"""Tone and icon of a state, the same in lists, mails and pages: what `{% status %}` draws."""

from collections.abc import Mapping
from typing import Any, ClassVar


class Looks:
    """Mixed into closed lists: `class State(Looks, TextChoices, looks=...)`.

    `looks`: value -> (tone, icon) as `kepegawaian.lib.ui` knows them, for every member; lists of one app may share
    one table. A member that the table forgets is a ValueError when the program starts.
    """

    _looks: ClassVar[Mapping[str, tuple[str, str]]]
    value: Any

    def __init_subclass__(cls, *, looks: Mapping[str, tuple[str, str]], **options: Any) -> None:
        super().__init_subclass__(**options)
        if forgotten := [member.value for member in cls if member.value not in looks]:  # type: ignore[attr-defined]
            raise ValueError(f"{cls.__name__}: no tone and icon for {forgotten}")
        cls._looks = looks

    @property
    def tone(self) -> str:
        return self._looks[self.value][0]

    @property
    def icon(self) -> str:
        return self._looks[self.value][1]
