from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kepegawaian.audit import sealing


class Command(BaseCommand):
    help = "Memeriksa bahwa jejak tidak diubah: sidik setiap peristiwa dan rantai segelnya."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--known", metavar="NOMOR:SIDIK", help="segel menurut log; menemukan jejak yang ujungnya dipotong"
        )

    def handle(self, *args: Any, known: str | None, **options: Any) -> None:
        report = sealing.verify(_parse(known) if known else None)
        self.stdout.write(
            f"{report.events} peristiwa, {report.seals} segel, {report.unsealed} belum disegel, "
            f"{report.erased} isinya dihapus menurut hukum."
        )
        if report.problems:
            raise CommandError("Jejak rusak:\n" + "\n".join(report.problems))
        self.stdout.write(self.style.SUCCESS("Jejak utuh."))


def _parse(known: str) -> tuple[int, str]:
    number, _colon, digest = known.partition(":")
    if not number.isdigit() or not digest:
        raise CommandError("--known ditulis NOMOR:SIDIK, misalnya 12:9f86d0…")
    return int(number), digest
