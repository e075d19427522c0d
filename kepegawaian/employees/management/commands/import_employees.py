"""Import a staff file from the command line: the same reading, comparison and saving as the page."""

import argparse
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from kepegawaian.employees.importing import report, services
from kepegawaian.employees.importing.issues import render
from kepegawaian.employees.importing.saving import Outdated, save
from kepegawaian.employees.models.imports import ImportBatch, ImportState
from kepegawaian.lib.exceptions import ApplicationError

LAYOUTS = ["siasn", "nominatif"]
LISTED = 20
ATTEMPTS = 3


class Command(BaseCommand):
    help = "Impor berkas pegawai (SIASN Data Utama atau nominatif; XLSX atau CSV)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Hanya pratinjau; tidak ada yang disimpan.")
        parser.add_argument("--report", type=Path, help="Tulis laporan JSON ke berkas ini.")

    def handle(self, *args: Any, file: Path, dry_run: bool, report: Path | None, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"{file}: berkas tidak ditemukan.")
        if dry_run:
            with transaction.atomic():
                self._run(file, report, dry_run=True)
                transaction.set_rollback(True)
        else:
            self._run(file, report, dry_run=False)

    def _run(self, file: Path, report_to: Path | None, *, dry_run: bool) -> None:
        batch = self._preview(file, keep=not dry_run)
        if not dry_run:
            self._save(batch, file)
        if report_to is not None:
            with report_to.open("w", encoding="utf-8") as out:
                report.write(batch, out)
        self._print(batch, dry_run)

    def _preview(self, file: Path, *, keep: bool) -> ImportBatch:
        batch = ImportBatch(name=file.name[:150])
        if keep:
            with file.open("rb") as content:
                upload = UploadedFile(File(content), name=file.name, size=file.stat().st_size)
                try:
                    batch.file = services.keep(upload, batch, None)
                except ApplicationError as error:
                    raise CommandError(str(error)) from error
        batch.save(force_insert=True)
        self._show(batch, file)
        return batch

    def _show(self, batch: ImportBatch, file: Path, notice: str = "") -> None:
        if not services.show(batch, file, names=LAYOUTS, progress=self._progress, notice=notice):
            raise CommandError(f"{file}: {render(batch.error, batch.details.get('error'))}")

    def _save(self, batch: ImportBatch, file: Path) -> None:
        """Whoever runs the command confirms what he sees; records that change meanwhile are compared again."""
        for _attempt in range(ATTEMPTS):
            ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.SAVING, confirmed_at=timezone.now())
            try:
                save(batch.pk, progress=self._progress)
            except Outdated:
                ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.READING)
                batch.state = ImportState.READING
                self._show(batch, file, services.CHANGED_MEANWHILE)
            else:
                batch.refresh_from_db()
                return
        raise CommandError("Data pegawai terus berubah selama impor. Ulangi perintah ini.")

    def _progress(self, done: int, total: int, phase: Any = "") -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{phase}: {done} / {total}   ", ending="")

    def _print(self, batch: ImportBatch, dry_run: bool) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        labels = {"rows": "Baris", "new": "Baru", "changed": "Berubah", "unchanged": "Tetap", "refused": "Ditolak"}
        for name, label in labels.items():
            self.stdout.write(f"{label:<10}{batch.counts[name]:>8}")
        found = list(_first(report.issues(batch), LISTED + 1))
        if found:
            self.stdout.write(f"\n{'Baris':>6}  {'Kolom':<18}{'Tingkat':<9}Keterangan")
        for issue in found[:LISTED]:
            self.stdout.write(
                f"{issue['row']:>6}  {issue['column'][:17]:<18}{issue['level']:<9}{issue['message']}"
            )
        if len(found) > LISTED:
            self.stdout.write("        … selebihnya di laporan (--report).")
        if dry_run:
            self.stdout.write("\nPratinjau saja: tidak ada yang disimpan.")


def _first(items: Any, count: int) -> Any:
    for _index, item in zip(range(count), items, strict=False):
        yield item
