"""What HR types about people. The verbs check; the forms only give shape."""

from kepegawaian.employees.forms.days import WEEKDAYS, EndForm, PatternForm, RosterForm
from kepegawaian.employees.forms.heads import DelegationForm, HeadForm
from kepegawaian.employees.forms.histories import (
    CorrectPositionForm,
    CorrectRankForm,
    PositionForm,
    RankForm,
    WithdrawForm,
)
from kepegawaian.employees.forms.people import CreateForm, EditForm, EndServiceForm, NumberForm

__all__ = [
    "WEEKDAYS",
    "CorrectPositionForm",
    "CorrectRankForm",
    "CreateForm",
    "DelegationForm",
    "EditForm",
    "EndForm",
    "EndServiceForm",
    "HeadForm",
    "NumberForm",
    "PatternForm",
    "PositionForm",
    "RankForm",
    "RosterForm",
    "WithdrawForm",
]
