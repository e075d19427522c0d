"""Articles whose text nobody has seen yet are marked wherever they are shown; the others are not."""

import pytest
from django import forms
from django.template import Context, Template
from django.urls import reverse

from kepegawaian.lib.exceptions import Problem, RuleRefused
from kepegawaian.lib.ui.parts import Because
from kepegawaian.lib.ui.refusals import show_refusal
from leave import rules
from leave.models import LeaveRequest
from tests.employees.factories import EmployeeFactory
from tests.leave.factories import day, know_years
from tests.leave.test_views_filing import NEW, PREVIEW, text, values

MARK = "belum diverifikasi"


@pytest.fixture
def contracted(gov, sign_in):
    """A PPPK whose contract ends within the leave asked for: the article of that rule was not seen."""
    person = EmployeeFactory(pppk=True, unit=gov.section, contract_end=day(4, 8))
    know_years(person, 2024, 2025)
    client = sign_in(person)
    client.person = person
    return client


def test_a_refusal_before_sending_is_marked(contracted):
    html = text(contracted.post(PREVIEW, values()))
    assert "CT-END · PP 49/2018" in html
    assert f">{MARK}</abbr>" in html
    assert "belum dicocokkan dengan naskah" in html


def test_a_refusal_of_what_was_sent_is_marked(contracted):
    html = text(contracted.post(NEW, values()))
    assert f"(CT-END · PP 49/2018 · {MARK})" in html
    assert not LeaveRequest.objects.exists()


def test_the_api_says_so_beside_the_article(contracted):
    body = {"start": "2026-04-06", "end": "2026-04-10", "reason": "a", "address": "b", "phone": "0812345678"}
    answer = contracted.post(reverse("leave_api:leave-preview"), body, content_type="application/json").json()
    assert [(one["rule"], one["verified"]) for one in answer["refusals"]] == [("CT-END", False)]
    made = contracted.post(reverse("leave_api:leave-request-list"), body, content_type="application/json").json()
    url = reverse("leave_api:leave-request-submit", args=[made["id"]])
    problem = contracted.post(url, {}, content_type="application/json").json()
    assert (problem["rule"], problem["verified"]) == ("CT-END", False)
    assert [one["verified"] for one in problem["refusals"]] == [False]


def test_a_verified_article_has_no_mark(sign_in, gov):
    know_years(gov.employee, 2024, 2025)
    client = sign_in(gov.employee)
    html = text(client.post(PREVIEW, values(end="2026-04-30")))
    assert "CT-BALANCE" in html
    assert MARK not in html
    assert MARK not in text(client.get(reverse("leave:balance")))


def test_the_movements_carry_the_mark_of_their_article(sign_in, gov, monkeypatch):
    know_years(gov.employee, 2024, 2025)
    client = sign_in(gov.employee)
    law = rules.law_on(day(3, 2), rules.Scheme.PNS)
    doubtful = rules.Citation("PP 11/2017", "Pasal 311", verified=False)
    monkeypatch.setitem(law.articles, rules.Rule.R1, doubtful)
    assert f">{MARK}</abbr>" in text(client.get(reverse("leave:balance")))
    movements = client.get(reverse("leave_api:leave-balance")).json()["movements"]
    assert {line["verified"] for line in movements if line["rule"] == "R1"} == {False}


def test_a_derivation_marks_the_line():
    rows = [Because("Hak", 12, "R1", "PP 1 Pasal 2"), Because("Sisa", 6, "R4", "PP 1 Pasal 3", verified=False)]
    drawn = Template('{% load ui %}{% reason 18 rows label="Sisa cuti" %}')
    html = drawn.render(Context({"rows": rows}))
    assert html.count(MARK) == 1
    assert html.index("Pasal 3") < html.index(MARK)


@pytest.mark.parametrize("verified", [True, False])
def test_a_form_says_it_in_its_sentence(verified):
    form = forms.Form({})
    form.is_valid()
    show_refusal(form, RuleRefused([Problem("Tidak dapat.", rule="R4", article="PP 1", verified=verified)]))
    assert (MARK in str(form.non_field_errors())) is not verified
