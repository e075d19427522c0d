from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from kepegawaian.calendars import seeding


class Command(BaseCommand):
    help = "Mengisi hari libur nasional dan cuti bersama dari paket holidays; yang diubah orang tidak disentuh."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", type=int, default=2023, dest="first", metavar="TAHUN")
        parser.add_argument("--to", type=int, default=2027, dest="last", metavar="TAHUN")
        parser.add_argument("--dry-run", action="store_true", help="hanya menghitung")

    def handle(self, *args: Any, first: int, last: int, dry_run: bool, **options: Any) -> None:
        if first > last:
            raise CommandError("--from tidak boleh sesudah --to.")
        with transaction.atomic():
            report = seeding.seed(first, last)
            if dry_run:
                transaction.set_rollback(True)
        self.stdout.write(
            f"{report.added} ditambahkan, {report.corrected} diperbarui, {report.withdrawn} ditarik, "
            f"{report.kept} dibiarkan karena sudah diubah orang{' (tidak disimpan)' if dry_run else ''}."
        )
