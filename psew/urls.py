"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from core.oauth.views import metadata, token
from core.views import healthz, readyz
from notifications.metrics.view import metrics

# Machines get the API's error body even for what no view ever saw.
handler400 = "tmf621.api.failures.bad_request"
handler500 = "tmf621.api.failures.server_error"

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("oauth/token", token, name="oauth-token"),
    path(".well-known/oauth-authorization-server", metadata),
    path("admin/", admin.site.urls),
    path("", include("notifications.urls")),
    # Before the API itself, which answers for every other address under its prefix.
    path("", include("tmf621.description.urls")),
    path("", include("tmf621.urls")),
    path("", include("workspace.urls")),
]
