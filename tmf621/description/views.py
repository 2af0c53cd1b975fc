"""Hand out the descriptions, to whoever has signed in (reliability R25)."""

from typing import Any

from django.urls import get_script_prefix
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tmf621.api.failures import answer_error
from tmf621.description import describe


class Description(APIView):
    """One face's description; `as_view(face=…)` says whose."""

    face = ""
    # The session comes last: the first one decides how a refusal asks to sign in.
    authentication_classes = [*APIView.authentication_classes, SessionAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request: Request) -> Response:
        site = request.build_absolute_uri("/")[:-1] + get_script_prefix().rstrip("/")
        return Response(self.document(site), headers={"Cache-Control": "private"})

    def document(self, site: str) -> dict[str, Any]:
        """Return the description; `site` is the address without a trailing slash."""
        return describe(self.face, site)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return JSONRenderer(), JSONRenderer.media_type

    def get_exception_handler(self) -> Any:
        return answer_error
