"""The description of events has an address."""

from typing import Any

from django.test import Client


def test_who_has_signed_in_reads_the_description(client_as: Any, people: Any) -> None:
    answer = client_as(people.nadia).get("/tmf-api/event/v4/asyncapi.json")
    assert (answer.status_code, answer.json()["asyncapi"]) == (200, "3.0.0")
    assert Client().get("/tmf-api/event/v4/asyncapi.json").status_code == 401
