"""Every request of a client is counted, and too many are refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from core import usage
from core.duties import forget_usage
from core.models import ApiToken, ApiUsage, Domain, OAuthClient, SystemProperty, User
from tests.core.test_admin import address

pytestmark = pytest.mark.django_db
Make = Callable[..., User]
NOON = datetime(2026, 3, 4, 12, 0, 30, tzinfo=UTC)


class Breaks(APIView):
    """Changes something, fails, and takes its change back."""

    permission_classes = [AllowAny]

    @transaction.atomic
    def post(self, request: Any) -> Response:
        User.objects.update(title="half done")
        raise RuntimeError


class Answers(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Any) -> Response:
        return Response({})


def ask(user: User | None) -> Any:
    request = APIRequestFactory().get("/")
    force_authenticate(request, user)
    return Answers.as_view()(request)


@pytest.fixture
def otto(make_user: Make) -> User:
    return make_user("otto")


@pytest.fixture
def limit() -> Callable[..., None]:
    def set_limit(value: int, domain: Domain | None = None) -> None:
        SystemProperty.objects.update_or_create(
            name="psew.api.requests_per_minute", domain=domain, defaults={"value": str(value)}
        )

    return set_limit


def test_a_minute_counts_its_requests_in_one_statement(
    otto: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        counts = [usage.count_request(otto.pk, NOON + timedelta(seconds=s)) for s in (0, 29, 30)]
    assert counts == [1, 2, 1]
    assert [row.minute for row in ApiUsage.objects.order_by("minute")] == [
        NOON.replace(second=0),
        NOON.replace(minute=1, second=0),
    ]


def test_clients_are_counted_apart(otto: User, make_user: Make) -> None:
    usage.count_request(otto.pk, NOON)
    assert usage.count_request(make_user("ems").pk, NOON) == 1


def test_what_is_beyond_the_limit_is_refused_and_counted(
    otto: User, limit: Callable[..., None]
) -> None:
    limit(2)
    with time_machine.travel(NOON, tick=False):
        answers = [ask(otto) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[3]["Retry-After"] == "30"
    assert ApiUsage.objects.values_list("requests", "refused").get() == (4, 2)
    with time_machine.travel(NOON + timedelta(seconds=30), tick=False):
        assert ask(otto).status_code == 200


def test_a_domain_has_a_limit_of_its_own(
    make_user: Make, tenant: Domain, limit: Callable[..., None]
) -> None:
    limit(1)
    limit(0, tenant)
    ours, theirs = make_user("ours"), make_user("theirs", domain=tenant)
    with time_machine.travel(NOON, tick=False):
        assert [ask(ours).status_code for _ in range(2)] == [200, 429]
        assert [ask(theirs).status_code for _ in range(3)] == [200, 200, 200]


def test_who_is_not_signed_in_is_not_counted() -> None:
    assert ask(None).status_code == 200
    assert not ApiUsage.objects.exists()


def test_a_request_that_fails_still_counts(otto: User) -> None:
    request = APIRequestFactory().post("/")
    force_authenticate(request, otto)
    with pytest.raises(RuntimeError):
        Breaks.as_view()(request)
    otto.refresh_from_db()
    assert (otto.title, ApiUsage.objects.get().requests) == ("", 1)


def test_counts_older_than_thirty_days_are_forgotten(otto: User) -> None:
    for days in (0, 29, 31):
        usage.count_request(otto.pk, NOON - timedelta(days=days))
    assert forget_usage(NOON) == 1
    assert ApiUsage.objects.count() == 2


def test_days_are_summed_per_client(otto: User, make_user: Make) -> None:
    ems = make_user("ems")
    for minutes in (0, 0, 5):
        usage.count_request(otto.pk, NOON + timedelta(minutes=minutes))
    usage.count_refusal(otto.pk, NOON)
    usage.count_request(ems.pk, NOON - timedelta(days=1))
    last = NOON.replace(minute=5, second=0)
    assert usage.by_day(ApiUsage.objects.all()) == [
        usage.DayOfClient("otto", date(2026, 3, 4), 3, 1, last),
        usage.DayOfClient("ems", date(2026, 3, 3), 1, 0, NOON.replace(day=3, second=0)),
    ]


def test_the_admin_shows_days_and_one_client_alone(
    admin_client: Client, otto: User, make_user: Make
) -> None:
    for user in (otto, make_user("ems")):
        usage.count_request(user.pk, timezone.now())
    every = admin_client.get(address(ApiUsage)).content.decode()
    alone = admin_client.get(f"{address(ApiUsage)}?user={otto.pk}").content.decode()
    assert ("otto" in every, "ems" in every) == (True, True)
    assert ("<td>otto</td>" in alone, "<td>ems</td>" in alone) == (True, False)
    for nonsense in ("x", "9" * 30, "-1", "\x00"):
        page = admin_client.get(address(ApiUsage), {"user": nonsense, "p": nonsense})
        assert "Nobody has used the API." in page.content.decode()


def test_the_usage_page_is_reached_from_the_keys(admin_client: Client, otto: User) -> None:
    link = f"{address(ApiUsage)}?user={otto.pk}"
    ApiToken.objects.create(user=otto, name="fms", digest="x")
    OAuthClient.objects.create(user=otto, name="fms", digest="x")
    for model in (ApiToken, OAuthClient):
        assert link in admin_client.get(address(model)).content.decode()


def test_a_tenants_admin_sees_the_usage_of_own_clients_only(
    otto: User, make_user: Make, tenant: Domain, staff: Callable[..., Client]
) -> None:
    for user in (otto, make_user("own", domain=tenant)):
        usage.count_request(user.pk, timezone.now())
    browser = staff("view_apiusage", domain=tenant)
    page = browser.get(address(ApiUsage)).content.decode()
    assert ("<td>own</td>" in page, "<td>otto</td>" in page) == (True, False)
    stranger = browser.get(f"{address(ApiUsage)}?user={otto.pk}").content.decode()
    assert "<td>otto</td>" not in stranger


def test_the_usage_page_takes_a_permission(staff: Callable[..., Client]) -> None:
    assert staff("view_user").get(address(ApiUsage)).status_code == 403
