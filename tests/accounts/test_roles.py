"""The table of roles and rights, frozen: a change here is a decision, not an accident."""

import pytest

from kepegawaian.accounts.roles import RIGHTS, Right, Role, roles_with

FROZEN = """
                  employee hr_unit hr_central complaint_admin complaint_liaison leader inspector whistle_officer admin citizen
view_records      .        x       x          .               .                 x      x         .               .     .
edit_records      .        .       x          .               .                 .      .         .               .     .
view_restricted   .        x       x          .               .                 .      .         .               .     .
import_records    .        .       x          .               .                 .      .         .               .     .
print_activation  .        x       x          .               .                 .      .         .               .     .
manage_units      .        .       x          .               .                 .      .         .               x     .
manage_calendar   .        .       x          .               .                 .      .         .               x     .
view_leave        .        x       x          .               .                 x      x         .               .     .
check_leave       .        x       x          .               .                 .      .         .               .     .
manage_leave      .        .       x          .               .                 .      .         .               .     .
view_audit        .        .       .          .               .                 .      x         .               x     .
manage_accounts   .        x       x          .               .                 .      .         .               x     .
handle_complaints .        .       .          x               .                 .      .         .               .     .
answer_complaints .        .       .          .               x                 .      .         .               .     .
view_complaints   .        .       .          x               x                 x      x         .               .     .
decide_identity   .        .       .          x               .                 .      x         .               .     .
handle_whistle    .        .       .          .               .                 .      .         x               .     .
manage_forums     .        .       .          x               x                 .      .         .               .     .
manage_surveys    .        .       .          x               x                 .      .         .               .     .
manage_staff_surveys .     .       x          .               .                 .      .         .               .     .
view_performance  .        x       x          .               .                 x      x         .               .     .
manage_performance .       x       x          .               .                 .      .         .               .     .
"""  # noqa: E501
LINES = [line.split() for line in FROZEN.strip().splitlines()]
CELLS = [
    pytest.param(role, line[0], mark == "x", id=f"{role}-{line[0]}")
    for line in LINES[1:]
    for role, mark in zip(LINES[0], line[1:], strict=True)
]


@pytest.mark.parametrize(("role", "right", "held"), CELLS)
def test_a_role_carries_exactly_these_rights(role, right, held):
    assert (Right(right) in RIGHTS[Role(role)]) is held
    assert (role in roles_with(Right(right))) is held


def test_the_table_names_every_role_and_every_right():
    assert LINES[0] == list(Role)
    assert [line[0] for line in LINES[1:]] == list(Right)
    assert set(RIGHTS) == set(Role)
