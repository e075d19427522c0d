from django.apps import AppConfig


class BenchConfig(AppConfig):
    """The floors of a measurement; only `bench.settings` installs it."""

    name = "bench"
