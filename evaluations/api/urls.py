"""Addresses below /api/v1/evaluations/."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from evaluations.api.follow_up import CoachingView, CreditsView, ExportView, FollowUpView, RecommendationView
from evaluations.api.plans import PlanViewSet
from evaluations.api.ratings import (
    AssessView,
    EvaluationViewSet,
    FeedbackAskView,
    FeedbackView,
    ProgressCopyView,
    ProgressView,
)

router = SimpleRouter(use_regex_path=False)
router.register("evaluations", EvaluationViewSet, basename="evaluation")
router.register("plans", PlanViewSet, basename="plan")

urlpatterns: list[URLPattern | URLResolver] = [
    path("participants/<uuid:participant>/progress/", ProgressView.as_view(), name="progress"),
    path("participants/<uuid:participant>/progress/copy/", ProgressCopyView.as_view(), name="progress-copy"),
    path("participants/<uuid:participant>/feedback/", FeedbackView.as_view(), name="feedback"),
    path("participants/<uuid:participant>/feedback/ask/", FeedbackAskView.as_view(), name="feedback-ask"),
    path("participants/<uuid:participant>/periods/<uuid:period>/assess/", AssessView.as_view(), name="assess"),
    path("credits/<str:employee>/", CreditsView.as_view(), name="credits"),
    path("participants/<uuid:participant>/follow-up/", FollowUpView.as_view(), name="follow-up"),
    path("participants/<uuid:participant>/coaching/", CoachingView.as_view(), name="coaching"),
    path("participants/<uuid:participant>/recommendations/", RecommendationView.as_view(), name="recommendations"),
    path("exports/<slug:code>/", ExportView.as_view(), name="export"),
    *router.urls,
]
