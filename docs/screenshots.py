"""Take the documentation's pictures of a demo made for it: `python -m docs.screenshots`."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3
from playwright.sync_api import Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
VIEW = {"width": 1440, "height": 1000}
START_SECONDS = 240
STOP_SECONDS = 30
FAULT = "vManage_10001 failed to restart after a change was implemented."
TICKET = {
    "name": FAULT,
    "description": FAULT,
    "ticketType": "Incident",
    "severity": "2",
    "channel": {"id": "monitoring", "name": "monitoring"},
    "relatedEntity": [{"id": "vManage_10001", "role": "affectedCI", "@referredType": "cmdb_ci"}],
    "category": "SD-WAN",
    "subCategory": "Protocol failure",
}


def main() -> None:
    """Start psew, tell the story, take the pictures, stop everything."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as url:
        report_fault(url, Path(folder))
        with browser_page(url) as page:
            take_all(page, url)
            take_rules(page, url)


def take_all(page: Page, url: str) -> None:
    """Walk through the pages as the network coordinator."""
    page.goto(url)
    page.get_by_role("button", name="ncoord1").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    page.goto(f"{url}/lists/incidents/")
    page.get_by_role("row").filter(has_text=FAULT).first.get_by_role("link").first.click()
    record = page.url
    await_accounts(page)
    for scheme, name in (("light", "incident"), ("dark", "incident-dark")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        take(page, name)
    page.emulate_media(color_scheme="light")
    for tab in ("impact", "customers"):
        page.goto(f"{record}{tab}/")
        take(page, tab)
    page.goto(f"{url}/")
    take(page, "home")
    page.goto(record)
    page.keyboard.press("e")
    note = page.get_by_role("dialog").get_by_label("Note for the next level")
    note.fill("Control connections down since the upgrade; the console answers.")
    take(page, "escalate")


def take_rules(page: Page, url: str) -> None:
    """Walk through the making of a use case as the administrator."""
    page.context.clear_cookies()
    page.goto(url)
    page.get_by_role("button", name="admin").last.click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    page.goto(f"{url}/rules/messages/?q=link_failure.l1")
    page.get_by_role("link", name="sd_wan.link_failure.l1").first.click()
    take(page, "message")
    page.goto(f"{url}/rules/subflows/?q=link_failure_l1")
    page.get_by_role("link", name="Link Failure - L1").first.click()
    page.get_by_role("link", name="Copy subflow").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("MPLS Circuit down - L1")
    dialog.get_by_label("Key").fill("mpls_circuit_down_l1")
    dialog.get_by_role("button", name="Copy subflow").click()
    expect(page.get_by_role("heading", name="MPLS Circuit down - L1")).to_be_visible()
    take(page, "subflow")
    page.get_by_role("link", name="Edit step 2").click()
    page.wait_for_timeout(500)
    take(page, "step")


def await_accounts(page: Page) -> None:
    """Reload until the workflow has found whom the fault affects."""
    deadline = time.monotonic() + 60
    found = page.locator(".coverage").first
    runbook = page.locator("#runbook")
    while not (found.is_visible() and runbook.is_visible()):
        if time.monotonic() > deadline:
            sys.exit("The workflow did not finish; look at the output of psew above.")
        page.wait_for_timeout(500)
        page.reload()


def take(page: Page, name: str) -> None:
    """Write one picture of what the window shows."""
    page.wait_for_load_state("networkidle")
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    print(f"{path.relative_to(HERE.parent)}: {path.stat().st_size // 1024} kB")


@contextmanager
def site(data: Path) -> Iterator[str]:
    """Run psew with an empty data folder on a free port; stop it in the end."""
    port = free_port()
    wanted = {"PSEW_MODE": "demo", "PSEW_DATA_DIR": str(data), "PORT": str(port)}
    given = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    command = [sys.executable, "manage.py", "up"]
    psew = subprocess.Popen(command, cwd=HERE.parent, env={**given, **wanted})
    try:
        await_site(f"http://127.0.0.1:{port}", psew)
        yield f"http://127.0.0.1:{port}"
    finally:
        psew.terminate()
        psew.wait(timeout=STOP_SECONDS)


def await_site(url: str, psew: "subprocess.Popen[bytes]") -> None:
    """Wait until the site says that all its parts work."""
    deadline = time.monotonic() + START_SECONDS
    while not ready(url):
        if psew.poll() is not None or time.monotonic() > deadline:
            sys.exit("psew did not start; its lines are above.")
        time.sleep(0.5)


def ready(url: str) -> bool:
    try:
        answer = urllib3.request("GET", f"{url}/readyz", retries=False, timeout=5)
    except urllib3.exceptions.HTTPError:
        return False
    return bool(answer.status == 200)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def report_fault(url: str, data: Path) -> None:
    """Post the trouble ticket as the fault-management system."""
    token = json.loads((data / "demo-credentials.json").read_text())["tokens"]["fms"]
    answer = urllib3.request(
        "POST",
        f"{url}/tmf-api/troubleTicket/v4/troubleTicket",
        json=TICKET,
        headers={"Authorization": f"Bearer {token}"},
        retries=False,
        timeout=30,
    )
    if answer.status != 201:
        sys.exit(f"The ticket was refused: {answer.data.decode()}")


@contextmanager
def browser_page(url: str) -> Iterator[Page]:
    """Open one page of a headless browser in the light scheme."""
    path = os.environ.get("PSEW_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("No Chromium found. Install one, or name it in PSEW_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser.new_page(viewport=VIEW, color_scheme="light", base_url=url)
        browser.close()


if __name__ == "__main__":
    main()
