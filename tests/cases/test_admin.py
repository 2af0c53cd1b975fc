"""Admins read cases and decide which fields pass to them."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import CaseFieldMap
from core.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(base: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("admin"))
    return browser


@pytest.mark.parametrize("model", ["case", "casetask", "casefieldmap"])
def test_every_list_opens(ada: Client, model: str) -> None:
    assert ada.get(reverse(f"admin:cases_{model}_changelist")).status_code == 200


def test_a_field_is_added_to_the_map_from_a_list(ada: Client) -> None:
    url = reverse("admin:cases_casefieldmap_add")
    good = {"incident_field": "business_impact", "case_field": "business_impact", "active": "on"}
    ada.post(url, good)
    assert CaseFieldMap.objects.filter(case_field="business_impact", active=True).exists()
    ada.post(url, {**good, "incident_field": "number", "case_field": "state"})
    assert not CaseFieldMap.objects.filter(case_field="state").exists()
