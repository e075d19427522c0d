"""What performance evaluation adds to the core, part by part."""

from evaluations.hooks import cycles, execution, follow_up, plans, ratings


def register() -> None:
    """Called once, from `EvaluationsConfig.ready`."""
    for part in (cycles, plans, execution, ratings, follow_up):
        part.register()
