"""Addresses below /api/v1/evaluations/."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from evaluations.api import (
    coaching,
    credits,
    cycles,
    execution,
    exports,
    feedback,
    follow_up,
    monitor,
    organisation,
    participants,
    plans,
    ratings,
)

router = SimpleRouter(use_regex_path=False)
router.register("chains", coaching.ChainViewSet, basename="chain")
router.register("coaching", coaching.CoachingViewSet, basename="coaching-plan")
router.register("cycles", cycles.CycleViewSet, basename="cycle")
router.register("evaluations", ratings.EvaluationViewSet, basename="evaluation")
router.register("participants", participants.ParticipantViewSet, basename="participant")
router.register("plans", plans.PlanViewSet, basename="plan")

PERSON, WHERE = "participants/<uuid:participant>", "units/<uuid:unit>/periods/<uuid:period>"
urlpatterns: list[URLPattern | URLResolver] = [
    path("monitor/", monitor.MonitorView.as_view(), name="monitor"),
    path("monitor/people/", monitor.MonitorPeopleView.as_view(), name="people"),
    path("monitor/remind/", monitor.MonitorRemindView.as_view(), name="remind"),
    path("monitor/assign/", monitor.MonitorAssignView.as_view(), name="assign"),
    path("monitor/export/", monitor.MonitorExportView.as_view(), name="people-export"),
    path("plan-templates/", plans.PlanTemplatesView.as_view(), name="plan-templates"),
    path("plan-templates/<uuid:pk>/", plans.PlanTemplateView.as_view(), name="plan-template"),
    path(f"{PERSON}/progress/", execution.ProgressView.as_view(), name="progress"),
    path(f"{PERSON}/progress/copy/", execution.ProgressCopyView.as_view(), name="progress-copy"),
    path(f"{PERSON}/evidence/", execution.EvidenceAddView.as_view(), name="evidence-add"),
    path("evidence/<uuid:pk>/", execution.EvidenceView.as_view(), name="evidence"),
    path(f"{PERSON}/feedback/", feedback.FeedbackView.as_view(), name="feedback"),
    path(f"{PERSON}/feedback/ask/", feedback.FeedbackAskView.as_view(), name="feedback-ask"),
    path("feedback/asked/", feedback.FeedbackInvitationsView.as_view(), name="feedback-asked"),
    path("feedback/asked/<uuid:pk>/decline/", feedback.FeedbackDeclineView.as_view(), name="feedback-decline"),
    path("feedback/team/", feedback.FeedbackTeamView.as_view(), name="feedback-team"),
    path(f"{PERSON}/periods/<uuid:period>/assess/", ratings.AssessView.as_view(), name="assess"),
    path(f"{WHERE}/organisation/", organisation.OrganisationView.as_view(), name="organisation"),
    path(f"{WHERE}/distribution/", organisation.DistributionView.as_view(), name="distribution"),
    path("credits/entries/<uuid:pk>/reverse/", credits.CreditReverseView.as_view(), name="credit-reverse"),
    path("credits/<str:employee>/", credits.CreditsView.as_view(), name="credits"),
    path("credits/<str:employee>/ask/", credits.CreditAskView.as_view(), name="credits-ask"),
    path("credits/<str:employee>/approve/", credits.CreditApproveView.as_view(), name="credits-approve"),
    path("credits/<str:employee>/give-back/", credits.CreditGiveBackView.as_view(), name="credits-give-back"),
    path("credits/<str:employee>/convert/", credits.CreditConvertView.as_view(), name="credits-convert"),
    path("credits/<str:employee>/integrasi/", credits.CreditIntegrasiView.as_view(), name="credits-integrasi"),
    path("credits/<str:employee>/education/", credits.CreditEducationView.as_view(), name="credits-education"),
    path("credits/<str:employee>/jenjang/", credits.CreditJenjangView.as_view(), name="credits-jenjang"),
    path(f"{PERSON}/follow-up/", follow_up.FollowUpView.as_view(), name="follow-up"),
    path(f"{PERSON}/coaching/", coaching.CoachingOpenView.as_view(), name="coaching"),
    path(f"{PERSON}/chain/", coaching.ChainOpenView.as_view(), name="chain-open"),
    path(f"{PERSON}/recommendations/", follow_up.RecommendationView.as_view(), name="recommendations"),
    path(
        "recommendations/<uuid:pk>/answer/",
        follow_up.RecommendationAnswerView.as_view(),
        name="recommendation-answer",
    ),
    path(f"{PERSON}/talent/", follow_up.TalentPlaceView.as_view(), name="talent-place"),
    path("talent/", follow_up.TalentListView.as_view(), name="talent"),
    path("talent/grid/", follow_up.TalentGridView.as_view(), name="talent-grid"),
    path("exports/<slug:code>/", exports.ExportView.as_view(), name="export"),
    path("papers/<slug:code>/<uuid:pk>/", exports.PaperView.as_view(), name="paper"),
    *router.urls,
]
