"""A verb that is refused: said beside the field it concerns, or on the page that shows how things stand."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused

UNVERIFIED = _("belum diverifikasi")
"""Beside an article whose text was not seen yet."""


def show_refusal(form: BaseForm, error: ApplicationError) -> None:
    """Each sentence beside its field, or above the form; with rule and article where a rule of law refused."""
    for problem in error.problems:
        mark = "" if problem.verified else str(UNVERIFIED)
        source = " · ".join(part for part in (problem.cited, mark) if part)
        text = f"{problem.message} ({source})" if problem.article else str(problem.message)
        form.add_error(problem.field if problem.field in form.fields else None, text)
    if not error.problems:
        form.add_error(None, str(error.message))


def carried_out(form: BaseForm, verb: Callable[[dict[str, Any]], Any]) -> bool:
    """Check the form and call `verb(cleaned_data)`. False: the form says why, with all that was typed.

    A missing permission is no matter of the form and goes on to the 403 page.
    """
    if not form.is_valid():
        return False
    try:
        verb(form.cleaned_data)
    except PermissionRefused:
        raise
    except ApplicationError as error:
        show_refusal(form, error)
        return False
    return True


def tells(url_name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A verb that is refused says so on the page `url_name`, which takes the same arguments and shows how things
    stand now: `@tells("leave:request")`. A missing permission goes on to the 403 page."""

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except PermissionRefused:
                raise
            except ApplicationError as error:
                messages.warning(request, str(error))
                here: HttpResponse = redirect(url_name, **kwargs)
                return here

        return wrapper

    return decorator
