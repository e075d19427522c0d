"""What the views of people share: the person in scope, and one form with one verb."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise

from kepegawaian.accounts.models import User
from kepegawaian.employees.models import Employee
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out


def actor_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def visible(request: HttpRequest, pk: uuid.UUID) -> Employee:
    """The person, if the reader may see him at all."""
    people = Employee.objects.visible_to(request.user).select_related("user", "current_unit")
    return get_object_or_404(people, pk=pk)


@dataclass(frozen=True)
class FormPage:
    """A page with one form. `said` is told when the verb has done it, `back` is where one goes then, called
    `back_label` or by the person's name."""

    title: str | Promise
    said: str | Promise
    back: str
    back_label: str | Promise = ""
    text: str | Promise = ""
    employee: Employee | None = None
    template: str = "employees/form.html"
    button: str | Promise = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def way_back(self) -> str | Promise:
        return self.back_label or (self.employee.full_name if self.employee else "")

    def answer(self, request: HttpRequest, form: BaseForm, verb: Callable[[dict[str, Any]], Any]) -> HttpResponse:
        if request.method == "POST" and carried_out(form, verb):
            done(request, self.said)
            return redirect(self.back)
        return self.draw(request, form)

    def draw(self, request: HttpRequest, form: BaseForm) -> HttpResponse:
        context = {**self.context, "page": self, "form": form, "employee": self.employee}
        return render(request, self.template, context, status=422 if form.is_bound else 200)
