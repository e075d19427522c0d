from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "kepegawaian.lib"
    label = "lib"
