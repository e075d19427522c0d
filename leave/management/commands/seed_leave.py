"""Write the defaults of leave where nothing is set yet: the decider table and the row of settings."""

from typing import Any

from django.core.management.base import BaseCommand

from leave.approvals import seed_decider_rules
from leave.models import LeaveSetting


class Command(BaseCommand):
    help = "Seed the decider table of the reference and the leave settings; existing rows stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = seed_decider_rules()
        _setting, made = LeaveSetting.objects.get_or_create(singleton=True)
        self.stdout.write(f"decider rules: {rows} new, settings: {'new' if made else 'unchanged'}")
