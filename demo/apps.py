from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Invented data to try the portal with and to measure it on; it stands above all features and serves none."""

    name = "demo"
