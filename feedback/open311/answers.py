"""Answers to the questions of a service (`attribute[CODE]=v`), judged by data type (reference 2.2, 2.3)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.models import AttributeType, ServiceAttribute
from feedback.open311.asking import parse_moment
from feedback.open311.errors import Text

_NAME = re.compile(r"attribute\[([^\[\]]{1,40})\](?:\[\])?")
LONGEST = {AttributeType.STRING: 255, AttributeType.TEXT: 4000}
_DIGITS = 40


def collected(parameters: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
    """Code -> values that are not empty, in the order they came; `[CODE]` and `[CODE][]` are the same question."""
    found: dict[str, list[str]] = {}
    for name, values in parameters:
        match = _NAME.fullmatch(name)
        if match:
            kept = found.setdefault(match[1], [])
            kept += [value.strip() for value in values if value.strip()]
    return {code: values for code, values in found.items() if values}


def judged(
    questions: Iterable[ServiceAttribute], given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], list[Text]]:
    """What is kept, and every reason against it."""
    known = {question.code: question for question in questions}
    problems: list[Text] = [
        _("%(code)s tidak dikenal pada layanan ini.") % {"code": code} for code in given if code not in known
    ]
    kept: dict[str, Any] = {}
    for code, question in known.items():
        if not question.variable:
            continue
        if code not in given:
            if question.required:
                problems.append(_("%(code)s required: isian ini wajib.") % {"code": code})
            continue
        value, problem = _value(question, list(dict.fromkeys(given[code])))
        if problem:
            problems.append(problem)
        else:
            kept[code] = value
    return kept, problems


def _value(question: ServiceAttribute, values: list[str]) -> tuple[Any, Text]:
    code = {"code": question.code}
    if question.datatype == AttributeType.MULTI:
        return values, _outside(question, values)
    if len(values) > 1:
        return None, _("%(code)s hanya menerima satu isian.") % code
    value = values[0]
    if question.datatype == AttributeType.SINGLE:
        return value, _outside(question, values)
    if question.datatype == AttributeType.NUMBER:
        return value, "" if _is_number(value) else _("%(code)s harus bilangan.") % code
    if question.datatype == AttributeType.DATETIME:
        moment = parse_moment(value)
        return moment and moment.isoformat(), "" if moment else _("%(code)s harus waktu ISO 8601.") % code
    limit = LONGEST[AttributeType(question.datatype)]
    too_long = _("%(code)s paling panjang %(limit)d huruf.") % {**code, "limit": limit}
    return value, too_long if len(value) > limit else ""


def _outside(question: ServiceAttribute, values: list[str]) -> Text:
    allowed = [str(key) for key, _name in question.values]
    wrong = [value for value in values if value not in allowed]
    if not wrong:
        return ""
    facts = {"code": question.code, "value": wrong[0][:60], "allowed": ", ".join(allowed)}
    return _("%(code)s: %(value)s bukan pilihan; yang ada: %(allowed)s.") % facts


def _is_number(text: str) -> bool:
    try:
        return len(text) <= _DIGITS and Decimal(text).is_finite()
    except InvalidOperation:
        return False
