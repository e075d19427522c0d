from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kepegawaian.lib import catalogue


class Command(BaseCommand):
    help = "Collect the texts of the portal into the English catalogue; --check only says what is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")
        parser.add_argument(
            "--merge", nargs="*", type=Path, default=[], help="catalogues whose texts are taken in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        path = root / "locale/en/LC_MESSAGES/django.po"
        if not options["check"]:
            catalogue.update(root, path, options["merge"])
        known = catalogue.read(path)
        missing, unused = catalogue.missing(root, known), catalogue.unused(root, known)
        for text in missing:
            self.stdout.write(f"tanpa terjemahan: {text}")
        for text in unused:
            self.stdout.write(f"tidak dipakai lagi: {text}")
        self.stdout.write(f"{len(known)} teks, {len(missing)} tanpa terjemahan, {len(unused)} tidak dipakai")
        if options["check"] and (missing or unused):
            raise CommandError("katalog bahasa Inggris belum lengkap")
