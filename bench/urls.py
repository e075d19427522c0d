from django.urls import path

from bench import floors
from kepegawaian.urls import handler429
from kepegawaian.urls import urlpatterns as portal

__all__ = ["handler429", "urlpatterns"]
urlpatterns = [
    path("bench/plain/", floors.plain),
    path("bench/rows/", floors.rows),
    path("bench/insert/", floors.insert),
    *portal,
]
