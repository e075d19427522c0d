"""What every verb of a person's record does first and last: ask, lock, and put refusals into words."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import Problem, RuleRefused, Text
from kepegawaian.lib.verbs import constraint_of

DAY = datetime.timedelta(days=1)
_COLLIDES = _("Isian ini bertentangan dengan data yang sudah ada pada masa itu. Periksa lagi tanggal dan isinya.")


def refuse(message: Text, field: str = "", *, rule: str = "", article: str = "") -> RuleRefused:
    return RuleRefused([Problem(message, rule=rule, article=article, field=field)])


def lock(employee: Employee) -> Employee:
    """The person's row, locked: changes of one person's histories come one after the other."""
    return Employee.objects.select_for_update(of=("self",)).get(pk=employee.pk)


@contextmanager
def constraints_in_words(model: type[models.Model], field: str = "") -> Iterator[None]:
    """Turn a broken database constraint of `model` into the sentence the model has for it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = constraint_of(error)
        message = _message(model, name)
        if message is None:
            raise
        raise refuse(message, field, rule=name) from error


def _message(model: type[models.Model], name: str) -> Text | None:
    if name == "number_in_force_once" or name.startswith("accounts_user_nip"):
        return _("NIP ini sudah dipakai pegawai lain.")
    for constraint in model._meta.constraints:
        if constraint.name == name:
            unsaid = constraint.violation_error_message == constraint.default_violation_error_message
            return _COLLIDES if unsaid else str(constraint.get_violation_error_message())
    return None


def check_period(valid_from: datetime.date, valid_to: datetime.date | None, field: str = "valid_to") -> None:
    if valid_to is not None and valid_to < valid_from:
        raise refuse(_("Tanggal selesai harus sama dengan atau sesudah tanggal mulai."), field)


def clean(row: models.Model, *fields: str) -> None:
    """Check the named fields of a row as a form would, with the field beside each problem."""
    rest = {field.name for field in row._meta.fields} - set(fields)
    try:
        row.clean_fields(exclude=rest)
    except ValidationError as error:
        problems = [Problem(text, field=name) for name, texts in error.message_dict.items() for text in texts]
        raise RuleRefused(problems) from error
