"""Whatever a person can do on the pages has an address in the API."""

import ast
from pathlib import Path

import evaluations

HERE = Path(evaluations.__file__).parent
NOT_BY_A_PERSON = {"issue", "pass_on"}
"""Of a worker, and of the night."""


def _is_verb(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
        return False
    return any(isinstance(one, ast.Name) and one.id == "verb" for one in node.decorator_list)


def _verbs() -> set[str]:
    trees = [ast.parse(path.read_text()) for path in (HERE / "services").glob("*.py")]
    return {node.name for tree in trees for node in tree.body if _is_verb(node)}


def _called() -> set[str]:
    trees = [ast.parse(path.read_text()) for path in (HERE / "api").glob("*.py")]
    names = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)]
    return {node.attr if isinstance(node, ast.Attribute) else node.id for node in names}


def test_every_verb_of_performance_has_an_address():
    verbs = _verbs()
    assert len(verbs) > 50
    handed_over = {name for name in verbs if name.startswith("hand_over_")}
    assert verbs - _called() - handed_over == NOT_BY_A_PERSON
