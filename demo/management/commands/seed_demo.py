import random
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from demo import accounts, feedback, feedback_life, government, leave_history, live, people, performance
from demo.copying import Copier, Ids
from kepegawaian.employees.models import Employee
from kepegawaian.employees.services import refresh_current
from kepegawaian.lib.dates import today
from leave.approvals import seed_decider_rules

_TIDY = "VACUUM (ANALYZE, SKIP_LOCKED)"
"""What PostgreSQL would do by itself within minutes: until then it reads rows to see whether they are there."""


class Command(BaseCommand):
    help = "Load an invented government: units, people, three years of leave, one sign-in for every role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--employees", type=int, default=300)
        parser.add_argument("--years", type=int, default=3, help="years of leave, this one included")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are people already")
        parser.add_argument("--accounts", type=Path, default=None, help="where the sign-ins are written")

    def handle(self, *args: Any, **options: Any) -> None:
        if Employee.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are people in this database already; demo data goes into an empty one.")
        if options["employees"] < 60:
            raise CommandError("--employees must be at least 60, so that every role has somebody.")
        started = time.monotonic()
        path = options["accounts"] or settings.VAR_DIR / "demo-accounts.json"
        with transaction.atomic():
            counts = self._load(options["employees"], options["years"], options["seed"], path)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.in_atomic_block else _TIDY)
        took = time.monotonic() - started
        total = sum(counts.values())
        self.stdout.write(f"{counts['Employee']} pegawai, {total} baris dalam {took:.1f} detik")

    def _load(self, size: int, years: int, seed: int, path: Path) -> dict[str, int]:
        rng = random.Random(seed)
        copier, new_id, day = Copier(), Ids(rng), today()
        call_command("seed_holidays", verbosity=0)
        seed_decider_rules()
        nodes = government.write(government.plan(size), copier, new_id)
        staff = people.populate(nodes, size, copier, new_id, rng, day)
        refresh_current()
        historian = leave_history.Historian(copier, new_id, rng, day, years)
        historian.write(staff, leave_history.officers_of(staff))
        accounts.open_accounts(staff, path, rng)
        live.file_current(staff, accounts.choose(staff), rng, day)
        feedback.load(nodes, path)
        feedback_life.load(nodes, staff, accounts.choose(staff), rng, path)
        performance.load(accounts.choose(staff), rng)
        return copier.counts
