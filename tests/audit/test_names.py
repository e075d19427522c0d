"""What the trail calls the thing that an event is about."""

import pytest
from django.apps import apps
from django.utils.text import camel_case_to_spaces

from kepegawaian.audit.services import record
from kepegawaian.audit.templatetags.audit import thing

pytestmark = pytest.mark.django_db


def test_things_are_called_by_their_indonesian_name():
    assert thing("employees.employee") == "Pegawai"
    assert thing("feedback.registration") == "Pendaftaran pertemuan"


def test_an_event_about_a_thing_without_a_name_is_noticed_in_every_test():
    """`_named_subjects` of the suite: Django makes a name of the class's, which is English."""
    nameless = apps.get_model("feedback.CaseStep")
    assert nameless._meta.verbose_name == camel_case_to_spaces("CaseStep")
    with pytest.raises(AssertionError, match="casestep has no name"):
        record("audit.erased", (nameless._meta.label_lower, "1"))
