"""What every operation has in the schema: its errors as problem JSON, and `Idempotency-Key` where it counts."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from kepegawaian.lib.api import PROBLEM_JSON, ProblemSerializer


class Schema(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        own = list(super().get_override_parameters())
        if self.method == "POST":
            own += getattr(self.view, "idempotent_parameters", ())
        return own

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        describe: Any = self._get_response_for_code
        bodies.setdefault("4XX", describe(ProblemSerializer, "4XX", [PROBLEM_JSON], direction))
        return bodies
