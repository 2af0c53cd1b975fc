"""Choice lists of people and groups: a tenant never reads a neighbour's names (R178)."""

from typing import Any

import pytest
from django.test import Client

from core.actor import actor_of
from core.models import AssignmentGroup, Domain, Role, User
from core.scope import use_scope
from incidents.actions import open_incident
from workspace.forms.choosing import offered_groups, offered_people
from workspace.forms.incident_verbs import AssignForm

pytestmark = pytest.mark.django_db


class Neighbours:
    """Two tenants side by side under the provider, each with a member and a team."""

    def __init__(self) -> None:
        self.mine = Domain.objects.create(name="Tenant A", parent_id=1)
        self.below = Domain.objects.create(name="Branch of A", parent=self.mine)
        self.theirs = Domain.objects.create(name="Tenant B", parent_id=1)
        self.ana, self.ben = self._member("ana", self.mine), self._member("ben", self.theirs)
        self._member("bob", self.below)

    def _member(self, name: str, domain: Domain) -> User:
        user = User.objects.create_user(name, domain=domain)
        user.groups.add(Role.objects.get(name="sn_ind_tsm_core.noc_agent"))
        AssignmentGroup.objects.create(name=f"Team of {name}", domain=domain).members.add(user)
        return user


@pytest.fixture
def neighbours(base: None, people: Any) -> Neighbours:
    return Neighbours()


def test_a_member_is_offered_the_own_domain_those_below_and_the_provider(
    neighbours: Neighbours, people: Any
) -> None:
    with use_scope(neighbours.mine.scope()):
        names = set(offered_people().values_list("username", flat=True))
        groups = set(offered_groups().values_list("name", flat=True))
    assert {"ana", "bob", people.nadia.username} <= names
    assert "ben" not in names
    assert {"Team of ana", "Team of bob"} <= groups
    assert "Team of ben" not in groups


def test_the_provider_is_offered_all(neighbours: Neighbours) -> None:
    assert {"ana", "ben", "bob"} <= set(offered_people().values_list("username", flat=True))


def test_a_neighbour_in_a_shared_team_is_not_offered(neighbours: Neighbours) -> None:
    shared = AssignmentGroup.objects.create(name="Shared desk", domain_id=1)
    shared.members.add(neighbours.ana, neighbours.ben)
    with use_scope(neighbours.mine.scope()):
        choices = dict(AssignForm().fields["assigned_to"].choices)  # type: ignore[attr-defined]
    assert [pk for pk, _ in choices["Shared desk"]] == [neighbours.ana.pk]


def test_a_posted_neighbour_is_refused(neighbours: Neighbours) -> None:
    team = AssignmentGroup.objects.get(name="Team of ben")
    with use_scope(neighbours.mine.scope()):
        form = AssignForm({"assignment_group": team.pk, "assigned_to": neighbours.ben.pk})
        assert not form.is_valid()
    assert set(form.errors) == {"assignment_group", "assigned_to"}


@pytest.mark.parametrize("path", ["/incidents/new", "/incidents/{number}/assign"])
def test_no_page_names_a_neighbour(
    neighbours: Neighbours, client: Client, now: Any, path: str
) -> None:
    opener = actor_of(neighbours.ana)
    number = open_incident(by=opener, now=now, short_description="Edge down", values={}).number
    client.force_login(neighbours.ana)
    page = client.get(path.format(number=number))
    assert page.status_code == 200
    assert b"Team of ana" in page.content
    assert b"Team of ben" not in page.content
    assert b">ben" not in page.content
