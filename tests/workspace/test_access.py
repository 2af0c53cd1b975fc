"""Who may open and press what (reliability §6)."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, get_resolver

from core.actor import actor_of
from core.models import Domain, Role, User
from incidents.actions import open_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(people: Any, topology: Any, now: Any, work: Any) -> Any:
    made = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="Edge down",
        values={
            "category": "sd_wan",
            "subcategory": "device_failure",
            "ci": topology.controller,
        },
    )
    work()
    made.refresh_from_db()
    return made


@pytest.fixture
def plain_user(base: None) -> User:
    user = User.objects.create_user("plain")
    user.groups.add(Role.objects.get(name="sn_ind_tsm_sdwan.PSEW_USER"))
    return user


def _pages() -> list[str]:
    patterns = get_resolver("workspace.urls").url_patterns
    return [str(p.pattern) for p in patterns if isinstance(p, URLPattern)]


def _path(pattern: str) -> str:
    path = "/" + pattern.replace("<str:number>", "X1").replace("<str:name>", "incidents")
    return re.sub("<uuid:[^>]+>", str(UUID(int=1)), re.sub("<int:[^>]+>", "1", path))


# A wall screen's key is its own permission, see test_home.py.
OPEN_TO_ALL = {"sign-in", "sign-in/demo", "sign-out", "kiosk/<str:key>/"}


@pytest.mark.parametrize("pattern", sorted(set(_pages()) - OPEN_TO_ALL))
def test_nobody_in_particular_is_sent_to_sign_in(db: None, pattern: str) -> None:
    path = _path(pattern)
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("pattern", sorted(set(_pages()) - OPEN_TO_ALL))
def test_a_machine_has_no_business_in_the_workspace(
    otto: User, client_as: Any, pattern: str
) -> None:
    path = _path(pattern)
    assert client_as(otto).get(path).status_code == 403


def test_a_user_without_a_role_sees_nothing(incident: Any, client_as: Any) -> None:
    nobody = User.objects.create_user("nobody")
    browser = client_as(nobody)
    for path in (f"/incidents/{incident.number}/", "/lists/incidents/", "/incidents/new"):
        assert browser.get(path).status_code == 403
    home = browser.get("/")
    assert home.status_code == 200
    assert home.context["home"].cards == []


def test_the_base_role_reads_and_raises_but_neither_escalates_nor_resolves(
    incident: Any, plain_user: User, client_as: Any
) -> None:
    browser = client_as(plain_user)
    page = browser.get(f"/incidents/{incident.number}/")
    assert page.status_code == 200
    assert {a.key for a in page.context["head"].actions}.isdisjoint({"escalate", "resolve"})
    assert browser.get("/incidents/new").status_code == 200
    assert browser.get(f"/incidents/{incident.number}/generate").status_code == 200
    data = {"seen_stage": "triage", "notes": "x", "code": "solved_permanently"}
    for verb in ("escalate", "resolve"):
        assert browser.post(f"/incidents/{incident.number}/{verb}", data).status_code == 403
    incident.refresh_from_db()
    assert (incident.stage, incident.state) == ("triage", "new")


def test_only_the_group_that_has_it_escalates(incident: Any, people: Any, client_as: Any) -> None:
    luis = client_as(people.luis)
    data = {"seen_stage": "triage", "notes": "I could do that"}
    assert luis.post(f"/incidents/{incident.number}/escalate", data).status_code == 403
    assert incident.runs.count() == 1


def test_another_domains_record_looks_absent(
    incident: Any, people: Any, client_as: Any, topology: Any
) -> None:
    foreign = Domain.objects.create(name="Elsewhere", parent_id=1)
    people.mei.domain = foreign
    people.mei.save()
    browser = client_as(people.mei)
    for path in (
        f"/incidents/{incident.number}/",
        f"/incidents/{incident.number}/details/",
        f"/accounts/{topology.accounts[0].number}/",
    ):
        assert browser.get(path).status_code == 404
    assert browser.get("/lists/incidents/?view=all").context["page"].total == 0
    found = browser.get(f"/search?q={incident.number}").context["groups"]
    assert found == []
    home = browser.get("/")
    assert all(card.count == 0 for card in home.context["home"].cards)


class TestSignIn:
    def _try(self, name: str, password: str) -> Any:
        return self.client.post("/sign-in", {"username": name, "password": password})

    @pytest.fixture(autouse=True)
    def user(self, base: None) -> None:
        cache.clear()
        self.client = Client()
        User.objects.create_user("ann", password="a-long-enough-password")

    def test_the_right_password_opens(self) -> None:
        assert self._try("ann", "a-long-enough-password")["Location"] == "/"

    def test_a_wrong_one_does_not_and_says_nothing_more(self) -> None:
        wrong, unknown = self._try("ann", "x"), self._try("nobody-here", "x")
        assert wrong.status_code == unknown.status_code == 422
        errors = [a.context["form"].non_field_errors() for a in (wrong, unknown)]
        assert errors[0] == errors[1]

    def test_many_wrong_ones_shut_the_door(self) -> None:
        for _ in range(10):
            self._try("ann", "x")
        assert self._try("ann", "a-long-enough-password").status_code == 422

    def test_a_foreign_address_is_not_followed(self) -> None:
        data = {
            "username": "ann",
            "password": "a-long-enough-password",
            "next": "https://evil.example/",
        }
        assert self.client.post("/sign-in", data)["Location"] == "/"

    def test_signing_out_takes_a_post(self) -> None:
        assert self.client.get("/sign-out").status_code == 405


class TestDemoSignIn:
    @pytest.fixture
    def credentials(self, settings: Any, tmp_path: Path, people: Any) -> None:
        settings.DATA_DIR = tmp_path
        people.nadia.username = "ncoord1"
        people.nadia.set_password("a-demo-password")
        people.nadia.save()
        stored = {"users": {"ncoord1": "a-demo-password"}, "tokens": {}}
        (tmp_path / "demo-credentials.json").write_text(json.dumps(stored))

    def _press(self, **meta: str) -> Any:
        return Client().post("/sign-in/demo", {"username": "ncoord1"}, **meta)  # type: ignore[arg-type]

    def test_one_click_on_the_machine_itself(self, settings: Any, credentials: None) -> None:
        settings.DEMO_MODE = True
        assert self._press().status_code == 302

    @pytest.mark.parametrize(
        "meta", [{"REMOTE_ADDR": "10.0.0.7"}, {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}]
    )
    def test_never_from_elsewhere(
        self, settings: Any, credentials: None, meta: dict[str, str]
    ) -> None:
        settings.DEMO_MODE = True
        assert self._press(**meta).status_code == 403

    def test_never_outside_demo_mode(self, settings: Any, credentials: None) -> None:
        settings.DEMO_MODE = False
        assert self._press().status_code == 403


def test_theme_and_density_are_kept(people: Any, client_as: Any) -> None:
    browser = client_as(people.nadia)
    browser.post("/preferences", {"theme": "dark", "density": "comfortable"})
    browser.post("/preferences", {"theme": "pink"})
    people.nadia.refresh_from_db()
    assert (people.nadia.theme, people.nadia.density) == ("dark", "comfortable")
    assert 'data-theme="dark"' in browser.get("/").content.decode()
