"""What templates keep for the life of a process: it must read as Django's own, in every language."""

import uuid

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import mark_safe

from kepegawaian.lib.ui import shell
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.forms import PlainSelect
from kepegawaian.lib.ui.shell import MenuEntry, Shell


def draw(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize("source", ['{% translate "Simpan" %}', '{% translate "Simpan" as word %}{{ word }}'])
def test_a_kept_text_follows_the_language(source):
    template = Template(source)
    for _round in range(2):
        assert template.render(Context()) == "Simpan"
        with translation.override("en"):
            assert template.render(Context()) == "Save"


def test_a_text_that_is_no_constant_is_looked_up_each_time():
    template = Template("{% translate word %}")
    assert [template.render(Context({"word": word})) for word in ("Simpan", "<b>")] == ["Simpan", "&lt;b&gt;"]


@pytest.mark.parametrize(
    ("source", "name", "args"),
    [
        ('{% url "home" %}', "home", []),
        ('{% url "employees:detail" pk %}', "employees:detail", [uuid.UUID(int=7)]),
        ('{% url "employees:detail" pk as way %}{{ way }}', "employees:detail", [uuid.UUID(int=7)]),
        (
            '{% url "employees:detail" "00000000-0000-0000-0000-000000000007" %}',
            "employees:detail",
            [uuid.UUID(int=7)],
        ),
        ('{% url "ui:door" "my" %}', "ui:door", ["my"]),
    ],
)
def test_an_address_is_the_one_that_django_gives(source, name, args):
    for _round in range(2):
        assert draw(source, pk=uuid.UUID(int=7)) == reverse(name, args=args)


def test_each_row_gets_its_own_address():
    keys = [uuid.UUID(int=number) for number in (1, 2)]
    lines = draw('{% for pk in keys %}{% url "employees:detail" pk %} {% endfor %}', keys=keys).split()
    assert lines == [reverse("employees:detail", args=[key]) for key in keys]


def test_a_page_that_does_not_exist_is_refused_and_empty_when_asked_for_as_a_word():
    with pytest.raises(NoReverseMatch):
        draw('{% url "nowhere" %}')
    with pytest.raises(NoReverseMatch):
        address("nowhere")
    assert draw('{% url "nowhere" as way %}[{{ way }}]') == "[]"


def test_equal_texts_of_which_one_is_safe_are_kept_apart():
    source = "{% load ui %}{% badge text %}"
    assert "<i>x</i>" in draw(source, text=mark_safe("<i>x</i>"))
    assert "&lt;i&gt;x&lt;/i&gt;" in draw(source, text="<i>x</i>")


def test_a_kept_part_follows_the_language():
    source = "{% load ui %}{% theme_choice theme %}"
    assert "Gelap" in draw(source, theme="dark")
    with translation.override("en"):
        assert "Dark" in draw(source, theme="dark")


class Filled(forms.Form):
    text = forms.CharField(help_text="Petunjuk", widget=forms.TextInput({"data-x": '"><b>', "hidden": True}))
    note = forms.CharField(widget=forms.Textarea, required=False)
    many = forms.ChoiceField(choices=[("", "Semua"), ("<1>", "Satu & dua"), ("Kelompok", [("3", "Tiga")])])
    day = forms.DateField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput)
    yes = forms.BooleanField(required=False)
    letter = forms.FileField(required=False)
    number = forms.IntegerField(widget=forms.HiddenInput)


@pytest.mark.parametrize("value", ["", "<1>", "unknown", None])
def test_a_plain_select_is_written_as_djangos(value):
    choices = [("", "Semua"), ("<1>", "Satu & dua"), (3, "Tiga")]
    ours, theirs = (
        kind(choices=choices).render("unit", value, {"id": "x"}) for kind in (PlainSelect, forms.Select)
    )
    assert "".join(ours.split()) == "".join(theirs.split())


@pytest.mark.parametrize("name", list(Filled.base_fields))
def test_a_plain_widget_is_written_as_djangos_template_would(name):
    data = {
        "text": "<i>'a'",
        "note": "</textarea>&",
        "many": "<1>",
        "day": "2026-03-16",
        "yes": "on",
        "number": "12",
    }
    form = Filled(data)
    form.errors  # noqa: B018 - so that the attributes of wrong fields are drawn
    django = TemplatesSetting()
    ours, theirs = (form[name].as_widget(), _drawn_by(django, form, name))
    assert "".join(ours.split()) == "".join(theirs.split())


def _drawn_by(renderer, form, name):
    form.renderer = renderer
    return form[name].as_widget()


def test_people_with_the_same_pages_share_one_frame_and_others_do_not(rf, monkeypatch):
    monkeypatch.setattr(shell, "_entries", {})
    monkeypatch.setattr(shell, "tools", shell.Tools())
    shell.register(MenuEntry(shell.MY, "Cuti saya", "account_login", "calendar-days", badge=lambda r: r.waiting))

    def frame(path, waiting):
        request = rf.get(path)
        request.user, request.waiting = type("Someone", (), {"is_authenticated": True}), waiting
        return Shell(request).frame

    here = reverse("account_login")
    assert frame(here, 3) is frame(here, 3)
    assert 'aria-current="page"' in frame(here, 3).rail
    assert 'class="count">3<' in frame(here, 3).rail
    assert 'class="count">' not in frame(here, 0).rail
    assert frame("/", 3) is not frame(here, 3)
    with translation.override("en"):
        assert frame(here, 3) is not frame("/", 3)
