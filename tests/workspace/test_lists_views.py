"""Views of lists that people keep."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from core.models import Domain
from tests.workspace.lists import numbers, open_incidents
from workspace.lists.incidents import INCIDENTS
from workspace.lists.saving import keep_view, usual_view
from workspace.models import SavedView, UsualView

pytestmark = pytest.mark.django_db
URL = "/lists/incidents/"
NEW = "/lists/incidents/views/new?view=all&priority=1&after=x"


@pytest.fixture
def browser(people: Any, client_as: Any) -> Any:
    return client_as(people.nadia)


@pytest.fixture
def leader(people: Any) -> Any:
    people.nadia.user_permissions.add(Permission.objects.get(codename="publish_view"))
    return people.nadia


def _keep(browser: Any, **more: str) -> SavedView:
    answer = browser.post(NEW, {"name": "Critical", "audience": "me", **more})
    assert answer.status_code == 303
    return SavedView.objects.latest("pk")


def test_a_view_keeps_the_address_without_the_place(browser: Any) -> None:
    view = _keep(browser)
    assert view.query == "priority=1&view=all"
    opened = browser.get(f"{URL}?saved={view.pk}")
    assert opened["Location"] == f"{URL}?priority=1&view=all&saved={view.pk}"
    page = browser.get(opened["Location"])
    assert page.context["saved"] == view
    assert not page.context["modified"]


def test_a_changed_view_says_so_and_is_saved_or_reset(browser: Any) -> None:
    view = _keep(browser)
    changed = f"?view=all&state=new&saved={view.pk}"
    page = browser.get(URL + changed)
    assert page.context["modified"]
    text = page.content.decode()
    assert "(changed)" in text
    assert "Save changes of Critical" in text
    assert f'href="?priority=1&amp;view=all&amp;saved={view.pk}">Reset' in text
    browser.post(f"/lists/views/{view.pk}/save{changed}")
    view.refresh_from_db()
    assert view.query == "state=new&view=all"


def test_a_removed_view_can_be_brought_back(browser: Any) -> None:
    view = _keep(browser)
    answer = browser.post(f"/lists/views/{view.pk}/remove")
    page = browser.get(answer["Location"])
    assert page.context["tabs"] == []
    assert "Bring back the view" in page.content.decode()
    browser.post(f"/lists/views/{view.pk}/restore")
    assert [tab for tab, _ in browser.get(f"{URL}?view=all").context["tabs"]] == [view]


def test_a_list_opens_with_the_usual_view(browser: Any) -> None:
    view = _keep(browser, usual="on")
    assert browser.get(URL)["Location"].endswith(f"saved={view.pk}")
    assert browser.get(f"{URL}?view=open").status_code == 200
    browser.post(f"/lists/views/{view.pk}/remove")
    assert browser.get(URL).status_code == 200


def test_ones_own_view_is_nobody_elses(browser: Any, people: Any, client_as: Any) -> None:
    view = _keep(browser)
    other = client_as(people.luis)
    assert other.get(f"{URL}?view=all").context["tabs"] == []
    for verb in ("save", "remove", "usual"):
        assert other.post(f"/lists/views/{view.pk}/{verb}").status_code == 404


def test_who_may_not_publish_keeps_views_for_oneself_only(browser: Any) -> None:
    assert browser.post(NEW, {"name": "X", "audience": "all"}).status_code == 422
    assert not SavedView.objects.exists()


def test_a_public_view_is_seen_by_all_and_changed_by_leaders(
    leader: Any, people: Any, client_as: Any
) -> None:
    view = _keep(client_as(leader), audience="all")
    other = client_as(people.luis)
    assert [tab for tab, _ in other.get(f"{URL}?view=all").context["tabs"]] == [view]
    assert other.post(f"/lists/views/{view.pk}/remove").status_code == 403


def test_a_groups_view_is_usual_for_its_members(
    leader: Any, people: Any, client_as: Any, groups: Any
) -> None:
    groups.l1.members.add(leader, people.luis)
    view = _keep(client_as(leader), audience=str(groups.l1.pk), usual="on")
    assert UsualView.objects.get().group == groups.l1
    assert client_as(people.luis).get(URL)["Location"].endswith(f"saved={view.pk}")
    groups.l1.members.remove(people.luis)
    assert usual_view(INCIDENTS, people.luis) is None


def test_a_view_shows_nobody_more_than_they_may_see(
    leader: Any, people: Any, client_as: Any, now: Any
) -> None:
    open_incidents(1, by=leader, now=now)
    view = _keep(client_as(leader), audience="all")
    view.query = "view=all"
    view.domain = Domain.objects.create(name="Elsewhere", parent_id=1)
    view.save()
    people.mei.domain = view.domain
    people.mei.save()
    page = client_as(people.mei).get(f"{URL}?view=all&saved={view.pk}")
    assert page.context["saved"] == view
    assert numbers(page) == []


@pytest.mark.parametrize("verb", ["paint", "delete"])
def test_an_unknown_verb_is_not_found(browser: Any, verb: str) -> None:
    view = _keep(browser)
    assert browser.post(f"/lists/views/{view.pk}/{verb}").status_code == 404


def test_a_view_of_no_tab_opens_and_may_be_the_usual_one(browser: Any, people: Any) -> None:
    kept = {"view": "", "priority": "1,2"}
    keep_view(page=INCIDENTS, params=kept, name="Urgent", by=people.nadia, usual=True)
    answer = browser.get(URL, follow=True)
    assert answer.status_code == 200
    assert answer.context["saved"].name == "Urgent"
    assert answer.context["modified"] is False
    assert len(answer.redirect_chain) == 1
