"""A person's seat: one browser context, and the hand movements of the stories."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect

from core.models import User

PASSWORD = "only-used-in-this-browser"
PATIENCE_MS = 15_000
WORK_SECONDS = 45
# SQLite's in-memory database bears no questions beside a test's work; there nothing ever happens.
SILENCE = {"last": 0, "refresh": False, "changes": [], "others": []}


@dataclass
class Desk:
    """A signed-in person; whatever the browser complains about is kept."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._break)

    def _hear(self, message: ConsoleMessage) -> None:
        # A violated policy arrives as an error, too.
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _break(self, error: Error) -> None:
        self.complaints.append(f"{self.page.url}: {error}")

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self, user: User) -> None:
        """Leave the seat to somebody, through the form."""
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        self.page.context.clear_cookies()
        self.go("/")
        self.page.get_by_label("Username").fill(user.username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.heading("Home")).to_be_visible()

    def press(self, key: str) -> None:
        """Press a key once the page's scripts listen."""
        self.page.wait_for_load_state()
        self.page.keyboard.press(key)

    def heading(self, words: str) -> Locator:
        return self.page.get_by_role("heading", name=words)

    def card(self, label: str) -> Locator:
        card = self.page.locator(".count-card").filter(has_text=label)
        return card.locator(".number")

    def stage(self) -> Locator:
        return self.page.get_by_role("list", name="Stages").locator('[aria-current="step"]')

    def fact(self, words: str) -> Locator:
        return self.page.locator(".facts").filter(has_text=words)

    def link(self, words: str) -> Locator:
        return self.page.get_by_role("link", name=words, exact=True)

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def row(self, words: str) -> Locator:
        return self.page.get_by_role("row").filter(has_text=words)

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=words)

    def stream(self) -> Locator:
        """Return the activity; acts shown as one hold streams of their own."""
        return self.page.locator(".stream").first

    def stand_still_while(self, work: Callable[[], None]) -> None:
        """Do work on a database that bears no request beside it."""
        self.page.wait_for_load_state("networkidle")
        url = self.page.url
        self.page.goto("about:blank")
        work()
        self.page.goto(url)

    def until(self, seen: Locator) -> None:
        """Reload until background work shows; the page polls only while a run is pending."""
        deadline = monotonic() + WORK_SECONDS
        while True:
            try:
                return expect(seen).to_be_visible(timeout=1000)
            except AssertionError:
                if monotonic() > deadline:
                    raise
                self.page.reload()

    def escalate(self, *, heading: str, note: str, button: str) -> None:
        """Escalate by the keyboard shortcut and the dialog."""
        self.press("e")
        expect(self.dialog().get_by_role("heading", name=heading)).to_be_visible()
        self.dialog().get_by_label("Note for the next level").fill(note)
        self.dialog().get_by_role("button", name=button).click()
        expect(self.dialog()).to_have_count(0)


def take_seat(browser: Browser, url: str, *, theme: str = "light") -> Desk:
    """Open a fresh context without cookies; the caller closes `desk.page.context`."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    if connection.vendor != "postgresql":
        context.route("**/live/**", lambda route: route.fulfill(json=SILENCE))
        context.add_init_script("navigator.sendBeacon = () => true")
    return Desk(context.new_page(), url)
