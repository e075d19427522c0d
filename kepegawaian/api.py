"""The API, feature by feature: `/api/v1/`, its schema and its pages for developers.

A feature adds its viewsets to `router` here, or includes its own addresses below `v1/<feature>/`.
"""

from typing import Any

from django.http import Http404
from django.urls import include, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from kepegawaian.calendars.api import HolidayViewSet
from kepegawaian.employees.api import EmployeeViewSet
from kepegawaian.notifications.api import NoticeViewSet
from kepegawaian.units.api import UnitViewSet
from kepegawaian.work.api import JobViewSet, WorkItemViewSet


@extend_schema(exclude=True)
class NotFound(APIView):
    """Whatever address of the API does not exist answers as the API does, not with a page."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Http404


router = SimpleRouter(use_regex_path=False)
router.register("calendar/holidays", HolidayViewSet, basename="holiday")
router.register("employees", EmployeeViewSet, basename="employee")
router.register("notices", NoticeViewSet, basename="notice")
router.register("units", UnitViewSet, basename="unit")
router.register("work/jobs", JobViewSet, basename="job")
router.register("work/items", WorkItemViewSet, basename="work-item")

urlpatterns = [
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("v1/evaluations/", include(("evaluations.api.urls", "evaluations_api"))),
    path("v1/leave/", include(("leave.api.urls", "leave_api"))),
    path("v1/", include((router.urls, "api"))),
    re_path("^", NotFound.as_view()),
]
