// Live pages: the state of the connection, the pill, and who gets the hints (ux C.8).
import { connect } from "./live-link.js";
import { list } from "./live-list.js";

const AMBER = 10_000;
const STALE = 60_000;
const REST = "psew.live.rest";
const root = document.querySelector("[data-live]");
const find = (name) => root.querySelector(`[data-live-${name}]`);
const resting = () => localStorage.getItem(REST) === "yes";

function start() {
  const page = list(root, resting);
  const link = connect(root.dataset, (hints, refresh) => { page.take(hints, refresh); show(); });
  let banner;

  function show() {
    const words = page.words();
    const pill = find("apply");
    pill.hidden = !words;
    pill.firstElementChild.textContent = words;
    const silence = link.silence();
    const state = resting() ? "Paused" : silence > AMBER ? "Reconnecting…" : "Live";
    if (find("state").textContent !== state) find("state").textContent = state;
    find("dot").dataset.tone = resting() ? "p5" : silence > AMBER ? "p2" : "ok";
    for (const button of root.querySelectorAll("[data-live-rest]")) {
      const chosen = (button.dataset.liveRest === "yes") === resting();
      button.setAttribute("aria-pressed", String(chosen));
      // The key presses the other one.
      button.toggleAttribute("data-key", !chosen);
      if (!chosen) button.dataset.key = "l";
    }
    warn(silence > STALE);
  }

  function warn(stale) {
    if (!stale) { banner?.remove(); banner = null; return; }
    if (banner) return;
    banner = find("stale").content.firstElementChild.cloneNode(true);
    const at = new Date(link.heardAt());
    banner.querySelector("time").textContent = at.toTimeString().slice(0, 5);
    banner.querySelector("button").addEventListener("click", () => link.poll().then(show));
    document.getElementById("main").prepend(banner);
  }

  root.addEventListener("click", (event) => {
    const rest = event.target.closest("[data-live-rest]");
    if (rest) {
      localStorage.setItem(REST, rest.dataset.liveRest);
      page.flush();
      show();
    }
    if (event.target.closest("[data-live-apply], [data-live-refresh]")) page.apply();
    if (event.target.closest(".menu-panel")) root.querySelector("details").open = false;
  });
  root.addEventListener("live", show);
  setInterval(show, 1000);
  root.hidden = false;
  show();
}

if (root) start();
