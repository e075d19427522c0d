"""Close a leave year for everybody: `manage.py close_leave_year 2026 [--preview]`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kepegawaian.lib.exceptions import ApplicationError
from leave.year_end import close_year


class Command(BaseCommand):
    help = "Close a leave year: lapse what ends with it and carry over what the rules allow. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, help="the year that has ended")
        parser.add_argument("--preview", action="store_true", help="count only, write nothing to the ledger")

    def handle(self, *args: Any, **options: Any) -> None:
        def say(done: int, total: int) -> None:
            self.stderr.write(f"{done}/{total}")

        try:
            counts = close_year(options["year"], preview=options["preview"], progress=say)
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(counts))
