"""What higher apps tell the trail: how their verbs and subjects are called, and who may read all of it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
_verbs: dict[str, Text] = {}
_parts: dict[str, Text] = {}
_inspectors: list[Callable[[Any], bool]] = []


def register_verbs(labels: Mapping[str, Text]) -> None:
    """`{"leave.submitted": _("Mengajukan cuti")}`; a verb without a label is shown as it is."""
    _verbs.update(labels)


def register_part(prefix: str, name: Text) -> None:
    """What verbs with `prefix` belong to, where that is no app of its own."""
    _parts[prefix] = name


def register_inspectors(may_read: Callable[[Any], bool]) -> None:
    """`may_read(user)`: whether a person may read the whole trail; the app that keeps the roles answers."""
    if may_read not in _inspectors:
        _inspectors.append(may_read)


def verb_label(verb: str) -> Text:
    return _verbs.get(verb, verb)


def verbs() -> list[tuple[str, Text]]:
    return sorted(_verbs.items(), key=lambda pair: str(pair[1]))


def part_of(verb: str) -> str:
    return verb.partition(".")[0]


def parts() -> list[tuple[str, Text]]:
    """The parts of the portal that have verbs, by name."""
    return sorted(((one, _name(one)) for one in {part_of(verb) for verb in _verbs}), key=lambda pair: str(pair[1]))


def _name(prefix: str) -> Text:
    app = apps.app_configs.get(prefix)
    return _parts.get(prefix) or (app.verbose_name if app else prefix)


def is_inspector(user: Any) -> bool:
    return user.is_authenticated and user.is_active and any(may_read(user) for may_read in _inspectors)


register_verbs(
    {
        "audit.erased": _("Menghapus isi peristiwa"),
        "audit.read": _("Membaca jejak"),
    }
)
