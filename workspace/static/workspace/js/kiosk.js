// A wall screen keeps itself up to date, walks through its panels, and says when it cannot.
const EVERY = 20_000;
const STALE_AFTER = 60_000;
const TURN = 12_000;
let fresh = Date.now(), paused = false, shown = 0;

const panels = () => [...document.querySelectorAll("[data-kiosk-panel]")];

function mark() {
  panels().forEach((panel, index, all) => panel.classList.toggle("turn", !paused && all.length > 1 && index === shown % all.length));
}

function reflectAge() {
  const stale = Date.now() - fresh > STALE_AFTER;
  document.body.classList.toggle("is-stale", stale);
  document.querySelector("[data-stale]").hidden = !stale;
}

async function refresh() {
  if (!paused) {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of ["[data-kiosk-panels]", ".kiosk-clock"]) {
          document.querySelector(part).replaceWith(page.querySelector(part));
        }
        fresh = Date.now();
        mark();
      }
    } catch { /* the age tells */ }
  }
  reflectAge();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-kiosk-pause]");
  if (!button) return;
  paused = !paused;
  button.setAttribute("aria-pressed", String(paused));
  mark();
});
setInterval(refresh, EVERY);
setInterval(() => { shown += 1; mark(); }, TURN);
mark();
