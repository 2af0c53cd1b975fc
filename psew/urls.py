"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from core.oauth.views import metadata, token
from core.views import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("oauth/token", token, name="oauth-token"),
    path(".well-known/oauth-authorization-server", metadata),
    path("admin/", admin.site.urls),
    path("tmf-api/", include("tmf621.urls")),
    path("", include("workspace.urls")),
]
