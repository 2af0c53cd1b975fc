"""Addresses of the trouble ticket API, each with and without a trailing slash (tmf.md, trap 5)."""

from django.urls import URLPattern, re_path

from tmf621.api.base import UnknownAddress
from tmf621.api.specifications import Specification, Specifications
from tmf621.api.tickets import TroubleTicket, TroubleTickets
from tmf621.faces import FACES, Face
from tmf621.specifications import PATH


def _addresses(face: Face) -> list[URLPattern]:
    path = face.path.removeprefix("/")
    return [
        re_path(rf"^{path}/?\Z", TroubleTickets.as_view(face=face), name=f"{face.name}-tickets"),
        re_path(
            rf"^{path}/(?P<ticket_id>[^/]+)/?\Z",
            TroubleTicket.as_view(face=face, http_method_names=_methods(face)),
            name=f"{face.name}-ticket",
        ),
    ]


def _methods(face: Face) -> list[str]:
    return ["get", "head", "patch", *(["delete"] if face.deletes else [])]


SPECIFICATIONS = PATH.removeprefix("/")
app_name = "tmf621"
urlpatterns = [
    *(address for face in FACES.values() for address in _addresses(face)),
    re_path(rf"^{SPECIFICATIONS}/?\Z", Specifications.as_view(), name="specifications"),
    re_path(
        rf"^{SPECIFICATIONS}/(?P<specification_id>[^/]+)/?\Z",
        Specification.as_view(),
        name="specification",
    ),
    # Whatever else begins like an API gets the API's own 404.
    re_path(r"^(tmf-api|api/sn_ind_tsm_sdwan)(/|\Z)", UnknownAddress.as_view(), name="unknown"),
]
