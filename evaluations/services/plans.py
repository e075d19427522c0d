"""The verbs of the SKP (reference sections 4 and 5), in one place for pages, API and other parts."""

from evaluations.services.plans_flow import agree, give_back, hand_over_plans, identity_of, submit, withdraw
from evaluations.services.plans_lines import (
    LineChange,
    Lines,
    Saved,
    add_indicator,
    add_result,
    link_result,
    mark,
    move_line,
    refuse_clashes,
    remove_line,
    save_lines,
    set_approach,
)
from evaluations.services.plans_matrix import Cell, fill_matrix
from evaluations.services.plans_share import share, unshare
from evaluations.services.plans_start import Origin, Source, change, discard, start
from evaluations.services.plans_talk import comment, settle

__all__ = [
    "Cell",
    "LineChange",
    "Lines",
    "Origin",
    "Saved",
    "Source",
    "add_indicator",
    "add_result",
    "agree",
    "change",
    "comment",
    "discard",
    "fill_matrix",
    "give_back",
    "hand_over_plans",
    "identity_of",
    "link_result",
    "mark",
    "move_line",
    "refuse_clashes",
    "remove_line",
    "save_lines",
    "set_approach",
    "settle",
    "share",
    "start",
    "submit",
    "unshare",
    "withdraw",
]
