"""Who the API takes somebody for."""

from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from kepegawaian.accounts.api import TokenAuthentication


def who(secret, scheme="Token"):
    """The person behind a token; None when it is refused."""
    request = APIRequestFactory().get("/", headers={"Authorization": f"{scheme} {secret}"})
    view = APIView(authentication_classes=[TokenAuthentication])
    try:
        return view.initialize_request(request).user
    except AuthenticationFailed:
        return None
