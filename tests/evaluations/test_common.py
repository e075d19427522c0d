"""What PostgreSQL refuses comes out of a verb as a sentence; verbs of the year have words and are recorded."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection
from django.forms import Form
from django.forms.utils import ErrorDict

from evaluations.enums import EvaluationState
from evaluations.hooks.cycles import VERBS
from evaluations.models import AssessorAssignment, EvaluationSetting, Indicator, Participant
from evaluations.services import common
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused, RuleRefused, StateChanged
from kepegawaian.lib.ui.refusals import show_refusal
from tests.evaluations.factories import join, make_evaluation, make_plan, make_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("names", [common._CHANGED, common._RULES])
def test_each_sentence_belongs_to_a_constraint_or_unique_index(names):
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        known = {name for (name,) in cursor.fetchall()}
    assert set(names) - known == set()


def test_each_constraint_has_a_sentence_and_none_shows_its_name():
    names = {
        one.name for model in apps.get_app_config("evaluations").get_models() for one in model._meta.constraints
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid::regclass::text LIKE 'eval%%'"
        )
        names |= {name for (name,) in cursor.fetchall()}
    for name in names:
        broken = IntegrityError()
        broken.__cause__ = Exception()
        broken.__cause__.diag = SimpleNamespace(constraint_name=name)
        refusal = common.in_words(broken)
        assert isinstance(refusal, ApplicationError), name
        form = Form()
        form.cleaned_data = {}
        form._errors = ErrorDict()
        show_refusal(form, refusal)
        assert name not in str(form.errors)
        assert not re.search(r"\w_\w", f"{refusal} {form.non_field_errors()[0]}"), refusal


def test_each_guard_is_one_of_a_migration():
    made = ("0002_guards.py", "0014_credit_approval.py")
    text = "".join((Path(settings.BASE_DIR) / "evaluations/migrations" / name).read_text() for name in made)
    assert [said for said, _words in common._GUARDS if said not in text] == []


def refuses(change, error, words):
    with pytest.raises(error, match=words):
        common.verb(change)()


def test_constraints_and_guards_speak():
    world = make_world()
    refuses(lambda: join(world.cycle, world.gov.employee, None), StateChanged, "sudah menjadi peserta")
    refuses(
        lambda: AssessorAssignment.objects.filter(participant=world.me).update(assessor=world.me.employee),
        PermissionRefused,
        "dirinya sendiri",
    )
    refuses(
        lambda: Participant.objects.filter(pk=world.me.pk).update(assessor=world.me.employee),
        PermissionRefused,
        "dirinya sendiri",
    )
    plan = make_plan(world.me)
    refuses(lambda: Indicator.objects.filter(result__plan=plan).update(target="1"), StateChanged, "terkunci")
    rated = make_evaluation(world.me, world.quarter)
    rated.state = EvaluationState.ASSESSED
    refuses(rated.save, RuleRefused, "alasan|SKP")


def test_what_nobody_knows_stays_what_it_is():
    refuses(lambda: Participant.objects.create(), IntegrityError, "null value")


def test_a_row_that_changed_meanwhile_is_not_decided_on():
    world = make_world()
    common.check_version(world.me, None)
    common.check_version(world.me, world.me.version)
    with pytest.raises(StateChanged):
        common.check_version(world.me, world.me.version + 1)


def test_every_verb_of_the_year_is_recorded_somewhere():
    root = Path(settings.BASE_DIR) / "evaluations"
    text = "".join(path.read_text() for path in root.rglob("*.py") if path.parts[-2] != "hooks")
    kept = {
        f"{EvaluationSetting._meta.label_lower}_{ending}" for ending in ("added", "changed")
    }  # by `ManagedAdmin`
    assert [verb for verb in VERBS if f'"{verb}"' not in text and verb not in kept] == []
