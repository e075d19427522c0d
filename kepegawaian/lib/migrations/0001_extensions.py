from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations


class Migration(migrations.Migration):
    """Extensions that models of every app rely on; all are trusted, so the database's owner may create them."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    run_before = [("accounts", "0001_initial")]
    operations = [BtreeGistExtension(), TrigramExtension(), UnaccentExtension()]
