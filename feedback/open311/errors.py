"""A refusal, as GeoReport v2 has it (reference 2.5): one HTTP status, one or more descriptions."""

from http import HTTPStatus

from django.utils.functional import Promise

Text = str | Promise


class Refused(Exception):
    """`retry_after`: seconds, where waiting helps."""

    def __init__(self, status: int, *descriptions: Text, retry_after: int = 0) -> None:
        super().__init__(*descriptions)
        self.status = int(status)
        self.descriptions = descriptions
        self.retry_after = retry_after

    @property
    def rows(self) -> list[dict[str, object]]:
        return [{"code": self.status, "description": str(text)} for text in self.descriptions]


def bad(*descriptions: Text) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, *descriptions)


def unknown(description: Text) -> Refused:
    return Refused(HTTPStatus.NOT_FOUND, description)
