"""Every verb that the code records has words for the people who read the trail."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.utils import translation

from evaluations.workflow import EVALUATIONS, OBJECTIONS, PLANS
from feedback import workflow
from kepegawaian.accounts.managed import ManagedAdmin
from kepegawaian.audit.registry import verb_label, verbs
from leave.workflow import Action

ROOT = Path(settings.BASE_DIR)
SOURCES = [
    path
    for app in ("kepegawaian", "leave", "evaluations", "feedback", "demo")
    for path in sorted((ROOT / app).rglob("*.py"))
]
RECORDERS = {"record", "build"}
IMPORTING = {"tell"}
"""As the import calls it; elsewhere that is a message to somebody."""
FORWARDERS = {
    "kepegawaian/audit/services.py",
    "kepegawaian/employees/importing/writer.py",
    "kepegawaian/work/sheets.py",
    "evaluations/services/coaching.py",
    "evaluations/services/credits.py",
    "feedback/services/surveys.py",
}
"""They hand on the verb that they were given: `record`, `tell`, and `verb=` of a sheet."""
MANAGED = {
    model._meta.label_lower: kept.removable
    for model, kept in admin.site._registry.items()
    if isinstance(kept, ManagedAdmin)
}
COMPOSED = {
    "f'leave.{action}'": [f"leave.{action}" for action in Action],
    **{
        f"f'evaluations.{thing}_{{action}}'": [f"evaluations.{thing}_{action}" for _state, action in table]
        for thing, table in {"plan": PLANS, "evaluation": EVALUATIONS, "objection": OBJECTIONS}.items()
    },
    "f'feedback.{action}'": [f"feedback.{action}" for action in workflow.Action],
    "f'employees.{_VERB[type(old)]}_corrected'": ["employees.position_corrected", "employees.rank_corrected"],
    "f'employees.{_VERB[type(old)]}_withdrawn'": ["employees.position_withdrawn", "employees.rank_withdrawn"],
    "f\"{obj._meta.label_lower}_{('changed' if change else 'added')}\"": [
        f"{name}_{ending}" for name in MANAGED for ending in ("added", "changed")
    ],
    "f'{obj._meta.label_lower}_removed'": [f"{name}_removed" for name, removable in MANAGED.items() if removable],
}
"""What is put together from parts; a new one has to be listed here with all it can become."""


def calls(tree: ast.AST, names: set[str] = RECORDERS) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Each call of a recorder with the function it stands in."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _name(node.func) in names and node.args:
                    yield node, function


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def expressions(node: ast.expr, function: ast.AST) -> Iterator[ast.expr]:
    """The expression itself, both ends of a condition, and what was assigned to a name."""
    if isinstance(node, ast.IfExp):
        yield from expressions(node.body, function)
        yield from expressions(node.orelse, function)
    elif isinstance(node, ast.Name):
        for each in ast.walk(function):
            if isinstance(each, ast.Assign) and any(_name(target) == node.id for target in each.targets):
                yield from expressions(each.value, function)
    else:
        yield node


def handed_on(tree: ast.AST) -> set[str]:
    """Verbs of the evaluation that a file's functions give to its own helper."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func).startswith("_")]
    words = [str(each.value) for call in calls for each in call.args if isinstance(each, ast.Constant)]
    return {word for word in words if word.startswith("evaluations.")}


def recorded(path: Path) -> set[str]:
    found: set[str] = set()
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "verb" and isinstance(node.value, ast.Constant):
            found.add(str(node.value.value))
    forwards = str(path.relative_to(ROOT)) in FORWARDERS
    if forwards:
        found |= handed_on(tree)
    names = RECORDERS | IMPORTING if "importing" in path.parts else RECORDERS
    for call, function in calls(tree, names):
        known = list(expressions(call.args[0], function))
        assert known or forwards, f"{path}:{call.lineno}: which verb?"
        for each in known:
            if isinstance(each, ast.Constant):
                found.add(str(each.value))
            elif not forwards:
                found.update(COMPOSED[ast.unparse(each)])
    return found


def in_code() -> set[str]:
    return {verb for path in SOURCES for verb in recorded(path)}


def test_every_verb_in_the_code_has_a_label():
    assert in_code() - {verb for verb, _label in verbs()} == set()


def test_every_label_belongs_to_a_verb_of_the_code():
    assert {verb for verb, _label in verbs() if not verb.startswith("test.")} - in_code() == set()


def test_the_search_finds_what_it_should():
    found = in_code()
    assert {"accounts.signed_in", "leave.grant", "units.role_given", "employees.exported"} <= found
    assert {"employees.rank_corrected", "leave.leavesetting_changed", "notifications.tried_again"} <= found


def test_a_verb_without_a_label_would_be_noticed(tmp_path):
    source = tmp_path / "services.py"
    source.write_text('def act(thing):\n    record("leave.unheard_of", thing)\n')
    tree = ast.parse(source.read_text())
    [(call, function)] = calls(tree)
    [verb] = [each.value for each in expressions(call.args[0], function)]
    assert verb_label(verb) == verb == "leave.unheard_of"


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_two_verbs_share_their_words(language):
    with translation.override(language):
        words = [str(label) for verb, label in verbs() if not verb.startswith("test.")]
    assert sorted(words) == sorted(set(words))
