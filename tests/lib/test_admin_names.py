"""What the admin shows is called by its Indonesian name: every model of ours there, and every field of it."""

from django.apps import apps
from django.contrib import admin
from django.utils.functional import Promise

OF_THE_TREE = {"path", "depth", "numchild"}
"""Written by treebeard, shown nowhere."""
NEVER_SHOWN = {"id", "singleton"}
OURS = ("kepegawaian.", "leave", "evaluations", "feedback")


def registered():
    return [
        model for model in admin.site._registry if apps.get_app_config(model._meta.app_label).name.startswith(OURS)
    ]


def test_models_in_the_admin_have_names():
    assert [model.__name__ for model in registered() if not isinstance(model._meta.verbose_name, Promise)] == []


def nameless(field):
    """Django made a name of the attribute; terms of the law that are names of attributes too are translated."""
    made = field.verbose_name == field.name.replace("_", " ") and not isinstance(field.verbose_name, Promise)
    return made and field.name not in OF_THE_TREE | NEVER_SHOWN


def test_fields_in_the_admin_have_names():
    found = {
        model.__name__: [field.name for field in model._meta.fields if nameless(field)] for model in registered()
    }
    assert {name: fields for name, fields in found.items() if fields} == {}
