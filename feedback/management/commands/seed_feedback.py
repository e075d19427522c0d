from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from feedback.services.defaults import seed_defaults


class Command(BaseCommand):
    help = "Write the limits and settings that feedback starts with; what exists is left as it is."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"limits: {seed_defaults()} new")
