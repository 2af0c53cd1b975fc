"""Addresses of the trouble ticket API, each with and without a trailing slash (tmf.md, trap 5)."""

from django.urls import re_path

from tmf621.api import TroubleTicket, TroubleTickets, UnknownAddress

app_name = "tmf621"
V4 = r"^troubleTicket/v4/troubleTicket"
urlpatterns = [
    re_path(rf"{V4}/?\Z", TroubleTickets.as_view(), name="v4-tickets"),
    re_path(rf"{V4}/(?P<ticket_id>[^/]+)/?\Z", TroubleTicket.as_view(), name="v4-ticket"),
    re_path(r"", UnknownAddress.as_view(), name="unknown"),
]
