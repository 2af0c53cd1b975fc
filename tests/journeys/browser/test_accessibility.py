"""No page breaks a rule axe knows, in light and in dark."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser

from cases.actions import generate_cases, write_notice
from cases.models import Case, Notice
from cases.properties import COMMENTS_SYNC
from cases.wording import Text
from changes.actions import open_change
from changes.models import ChangeRequest
from core.actor import SYSTEM, Actor, actor_of
from core.jobs import start
from core.models import BusinessRule, Job
from escalation.composing import start_draft
from escalation.models import DecisionTable, Message, Run, Subflow, TableVersion
from escalation.models.tables import POLICY
from escalation.tables.publishing import draft_from
from incidents.actions import open_incident
from incidents.models import Incident
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from tests.cases.conftest import set_property
from tests.journeys.browser.desk import take_seat
from workspace.home import PRESETS
from workspace.preferences import Preferences, keep

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CHIP_COLOURS = """chips => chips.map(chip => [
  getComputedStyle(chip, "::before").backgroundColor,
  getComputedStyle(document.body).backgroundColor,
])"""


@pytest.fixture
def incident(topology: Any, people: Any, work: Callable[[], None], now: Any) -> Incident:
    """An incident in the middle of its story: cases raised, mails and events on their way."""
    Subscriber.objects.create(name="Event log", transport=Subscriber.Transport.LOG)
    Subscriber.objects.create(
        name="Broken bus", transport=Subscriber.Transport.HTTP, url="http://127.0.0.1:1/"
    )
    nadia = actor_of(people.nadia)
    opened = open_incident(
        by=nadia,
        now=now,
        short_description="vManage_10001 failed to restart",
        values={
            "ci": topology.controller,
            "category": "sd_wan",
            "subcategory": "protocol_failure",
        },
    )
    work()
    generate_cases(incident_id=opened.pk, by=nadia, now=now)
    work()
    open_change(by=nadia, now=now, short_description="Upgrade of vManage_10001")
    _write_to_customers(opened, nadia, now)
    # Still at work, so that every page carries its chip.
    job = start(
        kind="cases.notify", keys=[1, 2], by=actor_of(people.ada), now=now, title="Tell all"
    )
    job.items.filter(key="1").update(outcome="failed", reason="Is Cancelled.", label="Account 1")
    Job.objects.update(state="running", failed=1, started_at=now)
    _make_a_bad_draft()
    # Long enough ago for every page to carry the banner.
    StagedEvent.objects.update(happened_at=now - timedelta(hours=1))
    cache.clear()
    return opened


def _write_to_customers(incident: Incident, by: Actor, now: Any) -> None:
    """Let a message wait, whose words give away too much."""
    set_property(COMMENTS_SYNC, "true")
    cases = Case.objects.filter(incident=incident, account__isnull=False)
    cases.filter(pk=cases[0].pk).update(contact=None)
    texts = {"en": Text("News", "vManage_10001 is back.")}
    ids = [case.pk for case in cases]
    later = now + timedelta(hours=1)
    write_notice(incident_id=incident.pk, case_ids=ids, texts=texts, by=by, now=later)


def _make_a_bad_draft() -> None:
    published = TableVersion.objects.get(table__key=POLICY)
    draft = draft_from(version_id=published.pk)
    row = draft.rows.get(position=2)
    row.conditions = {"category": ["is", "sd_wan"], "priority": ["at_most", 2]}
    row.note = "Changed"
    row.save()
    draft.rows.get(position=8).delete()


def _pages(incident: Incident) -> list[str]:
    case = Case.objects.filter(incident=incident, account__isnull=False).first()
    assert case is not None
    assert case.account is not None
    task = incident.tasks.earliest("pk")
    change = ChangeRequest.objects.earliest("pk")
    record = f"/incidents/{incident.number}/"
    return [
        "/",
        f"/lists/incidents/?view=all&state=new&priority__to=5&peek={incident.number}",
        "/lists/incidents/filter?view=all",
        "/lists/incidents/filter?view=all&field=state",
        "/lists/incidents/columns?view=all",
        "/lists/incidents/views/new?view=all",
        f"/lists/incidents/{incident.pk}/edit/priority",
        record,
        f"{record}impact/",
        f"{record}impact/?find=service+1&depth=5",
        f"{record}customers/",
        f"{record}refresh",
        f"{record}accounts/add",
        f"{record}details/",
        f"{record}related/",
        f"{record}investigate/",
        f"{record}tasks/",
        f"{record}history/",
        f"{record}assign",
        f"{record}propose",
        f"{record}cancel",
        f"{record}escalate",
        f"{record}generate",
        f"{record}resolve",
        f"{record}notify",
        f"{record}notify?all=1",
        f"{record}messages/{Notice.objects.get().uid}/",
        f"/cases/{case.number}/",
        f"/cases/{case.number}/history/",
        f"/tasks/{task.number}/",
        f"/tasks/{task.number}/history/",
        f"/changes/{change.number}/",
        f"/changes/{change.number}/history/",
        f"/accounts/{case.account.number}/",
        "/search?q=account",
        "/jobs/",
        f"/jobs/{Job.objects.get().uid}/",
        "/events/",
        "/events/mails/",
        *_event_pages(),
        "/console/",
        f"/console/{incident.uid}/",
        "/api-docs/",
        "/api-docs/v4/",
        "/api-docs/v5/",
        "/api-docs/servicenow/",
        *_table_pages(incident),
        *_rule_pages(incident),
    ]


def _table_pages(incident: Incident) -> list[str]:
    """Return the pages of a table whose draft has everything wrong that can be."""
    table = DecisionTable.objects.get(key=POLICY)
    draft = f"/rules/tables/{table.pk}/2/"
    return [
        "/rules/tables/",
        f"/rules/tables/{table.pk}/1/",
        draft,
        f"{draft}test/?incident={incident.number}",
        f"{draft}replay/?last=10",
        f"{draft}compare/1/",
        f"{draft}publish",
        f"{draft}discard",
        f"{draft}import",
        f"/rules/tables/{table.pk}/versions/",
        f"/rules/runs/{Run.objects.earliest('pk').pk}/",
    ]


def _rule_pages(incident: Incident) -> list[str]:
    """Return the pages of subflows, messages, properties and business rules."""
    subflow, message = Subflow.objects.earliest("pk"), Message.objects.earliest("pk")
    start_draft(subflow_id=subflow.pk, by=SYSTEM)
    one, text = f"/rules/subflows/{subflow.pk}/", f"/rules/messages/{message.pk}/"
    return [
        "/rules/subflows/",
        one,
        f"{one}settings",
        f"{one}publish",
        f"{one}steps/new?step=hand_over",
        f"{one}versions/1/",
        f"{one}try/",
        "/rules/subflows/runs/",
        "/rules/messages/",
        f"{text}?incident={incident.number}",
        f"{text}versions/1/",
        "/rules/messages/new",
        "/rules/properties/",
        "/rules/properties/psew.messages.language/",
        f"/rules/business-rules/{BusinessRule.objects.earliest('pk').pk}/",
    ]


def _event_pages() -> list[str]:
    """Return an event's pages; its delivery to somebody who answers nothing has failed."""
    failed = OutboundDelivery.objects.filter(subscriber__name="Broken bus").earliest("pk")
    event = f"/events/{failed.event.event_id}/"
    return [
        event,
        f"{event}send-again",
        f"{event}send-again?subscriber={failed.subscriber.uid}",
        f"{event}{failed.pk}/",
        f"{event}{failed.pk}/skip",
        f"/events/subscribers/{failed.subscriber.uid}/pause",
        "/admin/notifications/topic/try-it/",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible(
    incident: Incident, people: Any, browser: Browser, site_url: str, theme: str
) -> None:
    desk = take_seat(browser, site_url, theme=theme)
    found = []
    desk.go("/sign-in")
    found += _violations(desk.page)
    desk.sign_in(people.ada)
    for path in _pages(incident):
        desk.go(path)
        found += _violations(desk.page)
    complaints = list(desk.complaints)
    desk.page.context.close()
    assert found == []
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_people_choose_is_accessible(
    incident: Incident, people: Any, browser: Browser, site_url: str, theme: str
) -> None:
    desk = take_seat(browser, site_url, theme=theme)
    desk.sign_in(people.ada)
    found = []
    for preset in PRESETS:
        keep(people.ada, Preferences(home=preset.key, facets="beside"))
        desk.go("/")
        found += _violations(desk.page)
    desk.go("/lists/incidents/?view=noc")
    found += _violations(desk.page)
    desk.page.context.close()
    assert found == []


def test_pages_fit_at_four_times_their_size(
    incident: Incident, people: Any, browser: Browser, site_url: str
) -> None:
    """WCAG 1.4.10: 320 CSS pixels are a window of 1280 at 400 %; only what is two-dimensional,
    such as the API's tables, scrolls sideways, and within itself."""
    desk = take_seat(browser, site_url)
    desk.page.set_viewport_size({"width": 320, "height": 640})
    desk.sign_in(people.ada)
    too_wide = {}
    for path in _pages(incident):
        if path.startswith("/admin/"):
            continue
        desk.go(path)
        beyond = desk.page.evaluate(BEYOND)
        if beyond:
            too_wide[path] = beyond
    desk.page.context.close()
    assert too_wide == {}


def test_shapes_stay_where_the_system_chooses_the_colours(
    incident: Incident, people: Any, browser: Browser, site_url: str
) -> None:
    desk = take_seat(browser, site_url)
    desk.page.emulate_media(forced_colors="active")
    desk.sign_in(people.ada)
    desk.go("/lists/incidents/?view=all")
    shown = desk.page.locator("td .chip").evaluate_all(CHIP_COLOURS)
    desk.page.context.close()
    assert shown
    assert all(shape != page for shape, page in shown)


def _violations(page: Any) -> list[str]:
    """Return what axe objects to: where, which rule, which element, and why."""
    page.wait_for_load_state("networkidle")
    # Of style sheets that import others, as Django's own do, axe would write inline styles.
    options = {"preload": "/admin/" not in page.url}
    answer = Axe().run(page, options=options).response
    return [
        f"{page.url} {rule['id']} {node['target']}: {node['failureSummary']}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
