"""Addresses below /api/v1/leave/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from leave.api.views import BalanceView, LedgerViewSet, PreviewView, RequestViewSet

router = SimpleRouter(use_regex_path=False)
router.register("requests", RequestViewSet, basename="leave-request")
router.register("ledger", LedgerViewSet, basename="leave-ledger")

urlpatterns = [
    path("balance/", BalanceView.as_view(), name="leave-balance"),
    path("preview/", PreviewView.as_view(), name="leave-preview"),
    *router.urls,
]
