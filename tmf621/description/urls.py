"""Addresses of the descriptions, one beside each face."""

from django.urls import path

from tmf621.description.subjects import SUBJECTS
from tmf621.description.views import Description

urlpatterns = [
    path(
        f"{subject.base.lstrip('/')}/openapi.json",
        Description.as_view(face=subject.name),
        name=f"{subject.name}-openapi",
    )
    for subject in SUBJECTS.values()
]
