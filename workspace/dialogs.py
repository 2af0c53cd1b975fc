"""Forms in a dialog: a redirect must reach the page's script as an address, not be followed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Next = Callable[[HttpRequest], HttpResponse]


class DialogRedirects:
    """Answer a dialog's request with 204 and `X-Location` where the view redirects.

    A script that follows redirects would fetch the next page itself and swallow its messages.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass everything but a redirect of a request with `X-Dialog` unchanged."""
        response = self.get_response(request)
        if "X-Dialog" in request.headers and response.status_code in (301, 302, 303, 307):
            response.headers["X-Location"] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code = 204
        return response
