// A record on screen: parts nobody works in are drawn again.
import { csrfToken } from "./csrf.js";
import { clock } from "./live-link.js";

const BEAT = 20_000;
const TYPING = 10_000;
const dirty = (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked;

function busy(part) {
  const { anchorNode, isCollapsed } = getSelection();
  return part.contains(document.activeElement) || part.querySelector("details.menu[open]")
    || (!isCollapsed && part.contains(anchorNode))
    || [...part.querySelectorAll("input:not([type=hidden]), textarea")].some(dirty);
}

// Times, tokens, and what scripts and people mark are no change.
const bare = (part) => part.innerHTML.replace(/<time.*?<\/time>| (open|aria-\w+)="[^"]*"|"\w{64}"/gs, "");
const details = (part) => [part, ...part.querySelectorAll("details")].filter((each) => each.matches("details"));
const title = (each) => each.closest("[id]").id + each.firstElementChild.textContent;

export function record(root, calm) {
  const { id, parts, since, type } = root.dataset;
  let held = 0;
  let late = new Map();
  let timer;

  function swap(name, part) {
    const old = document.getElementById(name);
    if (!old) document.getElementById(part.previousElementSibling?.id)?.after(part);
    // What asks by itself must not vanish before the answer.
    else if (bare(old) === bare(part) || old.matches("[hx-get]")) return true;
    else if (busy(old)) return false;
    else {
      const open = details(old).filter((each) => each.open).map(title);
      for (const each of details(part)) if (open.includes(title(each))) each.open = true;
      old.replaceWith(part);
    }
    window.htmx?.process(part);
    return true;
  }

  function flush() {
    for (const [name, part] of late) if (swap(name, part)) late.delete(name);
  }

  async function draw() {
    held = 0;
    const answer = await fetch(location.href.split("#")[0], { cache: "no-store", headers: { "X-Live": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    late = new Map(parts.split(" ").map((name) => [name, page.getElementById(name)]).filter(([, part]) => part));
    flush();
  }

  function note(hint) {
    if (hint.mine || !hint.words || hint.at < since) return;
    const list = document.getElementById("live-notes");
    const line = document.createElement("p");
    line.textContent = `${hint.words} · ${clock(hint.at)}`;
    list.append(line);
    if (list.children.length > 3) list.firstElementChild.remove();
  }

  function take(hints, refresh) {
    const here = (hint) => hint.type === type && hint.id === Number(id);
    const ours = hints.filter((hint) => here(hint) || (type === "incident" && hint.of === Number(id)));
    ours.filter(here).forEach(note);
    if (!ours.length && !refresh) return;
    held += ours.length || 1;
    if (calm()) return;
    clearTimeout(timer);
    timer = setTimeout(() => draw().catch(() => {}), 300);
  }

  document.addEventListener("focusout", () => late.size && setTimeout(flush, 60));
  attend();
  return {
    take, apply: draw,
    flush: () => (held && !calm() ? draw() : flush()),
    words: () => (held && calm() ? `${held} updated` : ""),
  };
}

// Says every 20 seconds that somebody looks, and hears who else does.
function attend() {
  const line = document.querySelector("[data-presence]");
  let typedAt = 0;

  const form = (more) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", csrfToken());
    if (Date.now() - typedAt < TYPING) body.set("typing", "1");
    if (more) body.set(more, "1");
    return body;
  };

  async function beat() {
    if (document.hidden) return;
    try {
      const answer = await fetch(line.dataset.presence, { method: "POST", body: form() });
      const { others } = await answer.json();
      line.lastElementChild.textContent = others.map(({ name, typing }) => (typing ? `${name} (typing)` : name)).join(", ");
      line.hidden = !others.length;
    } catch { /* the connection's state says so already */ }
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("main textarea")) return;
    const news = Date.now() - typedAt > TYPING;
    typedAt = Date.now();
    if (news) beat();
  });
  document.addEventListener("visibilitychange", beat);
  addEventListener("pagehide", () => navigator.sendBeacon(line.dataset.presence, form("gone")));
  setInterval(beat, BEAT);
  beat();
}
