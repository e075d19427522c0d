from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.models import ApiClient
from feedback.open311 import keys
from kepegawaian.lib.exceptions import ApplicationError


class Command(BaseCommand):
    help = "Keys of Open311 clients: issue, replace, revoke, list. A key is printed once and never again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        issue = verbs.add_parser("issue", help="make a client and print its key")
        issue.add_argument("name")
        issue.add_argument("--email", default="")
        issue.add_argument("--an-hour", type=int, default=60, help="filings an hour")
        issue.add_argument("--a-day", type=int, default=500, help="filings a day")
        issue.add_argument("--reviewed", action="store_true", help="a person looks at its filings first")
        for verb, text in (("replace", "print another key"), ("revoke", "take the key back for good")):
            verbs.add_parser(verb, help=text).add_argument("prefix", help="the key's first eight characters")
        verbs.add_parser("list", help="every client, without keys")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except ApplicationError as error:
            raise CommandError(str(error)) from error

    def _issue(self, options: dict[str, Any]) -> None:
        names = ("name", "email", "an_hour", "a_day", "reviewed")
        self.stdout.write(keys.issue(client=ApiClient(**{name: options[name] for name in names})).key)

    def _replace(self, options: dict[str, Any]) -> None:
        self.stdout.write(keys.replace(client=self._client(options)).key)

    def _revoke(self, options: dict[str, Any]) -> None:
        client = keys.revoke(client=self._client(options))
        self.stdout.write(f"{client.prefix} {client.name}: revoked")

    def _list(self, options: dict[str, Any]) -> None:
        for row in ApiClient.objects.all():
            state = "revoked" if row.revoked_at else "in force"
            self.stdout.write(f"{row.prefix}  {row.name}  {row.an_hour}/h {row.a_day}/d  {state}")

    def _client(self, options: dict[str, Any]) -> ApiClient:
        found = list(ApiClient.objects.filter(prefix=options["prefix"])[:2])
        if len(found) != 1:
            raise CommandError(f"{len(found) or 'no'} client with the prefix {options['prefix']}")
        return found[0]
