// Live pages: the state of the connection, the pill, and who gets the hints (ux C.8).
import { clock, connect } from "./live-link.js";
import { list } from "./live-list.js";
import { record } from "./live-record.js";

const AMBER = 10_000;
const STALE = 60_000;
const REST = "psew.live.rest";
const root = document.querySelector("[data-live]");
const find = (name) => root.querySelector(`[data-live-${name}]`);
const resting = () => localStorage.getItem(REST) === "yes";

function start() {
  const page = (root.dataset.parts ? record : list)(root, resting);
  const link = connect(root.dataset, (hints, refresh) => { page.take(hints, refresh); show(); });
  const banner = find("stale");

  function show() {
    const words = page.words();
    const pill = find("apply");
    pill.hidden = !words;
    pill.firstElementChild.textContent = words;
    const silence = link.silence();
    const [state, tone] = resting() ? ["Paused", "p5"] : silence > AMBER ? ["Reconnecting…", "p2"] : ["Live", "ok"];
    if (find("state").textContent !== state) find("state").textContent = state;
    root.querySelector(".dot").dataset.tone = tone;
    // The key presses the one that is not chosen.
    for (const button of root.querySelectorAll("[data-live-rest]")) {
      button.ariaPressed = String((button.dataset.liveRest === "yes") === resting());
      if (button.ariaPressed === "true") delete button.dataset.key;
      else button.dataset.key = "l";
    }
    banner.hidden = silence <= STALE;
    banner.querySelector("time").textContent = clock(link.heardAt());
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
  banner.querySelector("button").addEventListener("click", () => link.poll().then(show));
  document.getElementById("main").prepend(banner);
  setInterval(show, 1000);
  root.hidden = false;
  show();
}

if (root) start();
