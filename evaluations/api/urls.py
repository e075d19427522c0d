"""Addresses below /api/v1/evaluations/."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from evaluations.api.plans import PlanViewSet

router = SimpleRouter(use_regex_path=False)
router.register("plans", PlanViewSet, basename="plan")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
