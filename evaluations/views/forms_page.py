"""A page with one form: credit points and follow-up have many of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.refusals import carried_out

TEMPLATE = "evaluations/follow_up/form.html"


@dataclass(frozen=True, slots=True)
class FormPage:
    """`title` is also what the button says; `said`: what the next page says was done; `back`: where it goes, and
    the way back of the page."""

    title: Text
    said: Text
    back: str
    back_label: Text
    text: Text = ""

    def answer(self, request: HttpRequest, form: BaseForm, verb: Callable[[dict[str, Any]], Any]) -> HttpResponse:
        """Draw the form, or carry the verb out; what it refuses stands beside the fields, all typed text kept."""
        if request.method == "POST" and carried_out(form, verb):
            done(request, self.said)
            return redirect(self.back)
        context = {"page": self, "form": form}
        return render(request, TEMPLATE, context, status=422 if form.errors else 200)


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
