"""The architecture checks itself: imports of data, size of code, texts, templates, configuration."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from kepegawaian.lib import catalogue

ROOT = Path(settings.BASE_DIR)
ORDER = [
    "lib",
    "audit",
    "accounts",
    "units",
    "calendars",
    "notifications",
    "documents",
    "work",
    "employees",
    "leave",
    "feedback",
]
TRACKED = [
    ROOT / line
    for line in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / line).is_file()
]
PYTHON = [path for path in TRACKED if path.suffix == ".py" and "migrations" not in path.parts]
TEMPLATES = [path for path in TRACKED if path.is_relative_to(ROOT / "templates")]


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("label", ORDER)
def test_foreign_keys_point_down_only(label):
    upward = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.related_model
        and field.related_model._meta.label != settings.AUTH_USER_MODEL
        and field.related_model._meta.app_label in ORDER
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(label)
    ]
    assert upward == []


@pytest.mark.parametrize("path", PYTHON, ids=_relative)
def test_files_and_functions_stay_short(path):
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 500, "a file has at most 500 lines"
    long = [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == [], "a function has at most 60 lines"


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.suffix == ".html"], ids=_relative)
def test_templates_are_short_and_without_inline_code(path):
    html = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert html.count("\n") <= 300
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", html), "inline script"
    assert not re.search(r"<style|\sstyle=", html), "inline style"
    assert not re.search(r"\son[a-z]+=[\"']", html), "inline handler"
    assert "|safe" not in html


def test_every_template_is_used():
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in [*PYTHON, *TEMPLATES] if path.suffix != ".pdf"
    )
    overrides = (
        "account/",
        "mfa/",
        "usersessions/",
        "socialaccount/",
        "allauth/",
        "admin/",
        "openid/",
        "drf_spectacular/",
    )
    by_name = {"400.html", "403.html", "404.html", "500.html"}
    unused = [
        name
        for path in TEMPLATES
        if (name := str(path.relative_to(ROOT / "templates"))) not in by_name
        and not name.startswith(overrides)
        and not re.search(r"/email/\w+_(subject|body|line)\.txt$", name)
        and name not in sources
    ]
    assert unused == []


def test_the_english_catalogue_is_complete():
    known = catalogue.read(ROOT / "locale/en/LC_MESSAGES/django.po")
    assert catalogue.missing(ROOT, known) == []
    assert catalogue.unused(ROOT, known) == []


def test_placeholders_survive_translation():
    known = catalogue.read(ROOT / "locale/en/LC_MESSAGES/django.po")
    placeholder = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")
    for message in known:
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        wanted = {found for text in ids for found in placeholder.findall(text)}
        for text in texts:
            assert set(placeholder.findall(text)) <= wanted, message.id


def test_every_environment_variable_is_documented():
    documented = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    sources = "\n".join(path.read_text(encoding="utf-8") for path in PYTHON if "settings" in path.parts)
    names = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z][A-Z0-9_]+)\"", sources))
    assert names
    assert sorted(name for name in names if f"`{name}`" not in documented) == []


def test_links_in_documents_lead_somewhere():
    broken = []
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
            if not target.startswith("http") and not (path.parent / target).exists():
                broken.append(f"{path.name}: {target}")
    assert broken == []


def test_own_css_and_javascript_stay_within_their_budget():
    css = sum(path.read_text().count("\n") for path in TRACKED if path.suffix == ".css")
    javascript = sum(path.read_text().count("\n") for path in TRACKED if path.suffix == ".js")
    assert css <= 900
    assert javascript <= 800


@pytest.mark.parametrize("path", [path for path in PYTHON if "tests" not in path.parts], ids=str)
def test_texts_are_as_long_as_browsers_count_them(path):
    """`lib.ui.forms.Textarea`: with Django's own a text of many lines is refused though its field let it in."""
    assert re.findall(r"[=:] forms\.Textarea|widget=forms\.Textarea", path.read_text()) == []


@pytest.mark.parametrize("path", [path for path in PYTHON if "tests" not in path.parts], ids=str)
def test_the_day_of_a_moment_is_that_of_the_place(path):
    """A moment comes from the database in UTC: its `.date()` is yesterday until eight in the morning in Kupang."""
    assert re.findall(r"\w+(?:_at|\.at|since)\.date\(\)", path.read_text()) == []
