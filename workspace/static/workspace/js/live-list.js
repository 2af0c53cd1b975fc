// A list on screen: cells change in place, whole rows wait behind the pill.
import { dress } from "./cells.js";

const MOST = 200;
const MEMORY = "psew.live.list";
const table = document.querySelector("table[data-list]");
const rows = () => [...(table?.tBodies[0].rows ?? [])];
const boxOf = (row) => row.querySelector(".row-check");
const idOf = (row) => Number(row.dataset.id ?? boxOf(row)?.value);
const rowOf = (id) => rows().find((row) => idOf(row) === id);
const busy = (cell) => cell.contains(document.activeElement) || cell.querySelector("details[open], [aria-expanded=true]");

// What scripts or the clock did is no change.
const bare = (cell) => cell.outerHTML.replace(/ data-label="[^"]*"|<button .*?<\/button>| class="changed"| changed(?=")|>[^<]*<\/time>/gs, "");
// Which cells of a row look other than on screen, as pairs of old and new.
const news = (row) => [...row.querySelectorAll("td[id]")].map((cell) => [document.getElementById(cell.id), cell])
  .filter(([old, cell]) => old && bare(old) !== bare(cell));

export function list(root, calm) {
  const asked = new Set();
  const opened = new Set();
  const fresh = new Set();
  const left = new Set();
  const waiting = new Map();
  let many = false;
  let timer;

  // Returns whether every cell could be put in place.
  function patch(id, row) {
    let whole = true;
    for (const [old, cell] of news(row)) {
      if (busy(old)) { whole = false; continue; }
      cell.classList.add("changed");
      old.replaceWith(cell);
    }
    if (row.dataset.tone) rowOf(id).dataset.tone = row.dataset.tone;
    return whole;
  }

  function flush() {
    if (calm()) return;
    for (const row of rows()) row.toggleAttribute("data-left", left.has(idOf(row)));
    for (const [id, row] of waiting) if (!rowOf(id) || patch(id, row)) waiting.delete(id);
    if (table) dress();
  }

  function sort(id, row, matches) {
    if (rowOf(id)) {
      left[matches ? "delete" : "add"](id);
      if (row && news(row).length) waiting.set(id, row);
    } else if (!matches) fresh.delete(id);
    else if (opened.has(id) || "whole" in root.dataset) fresh.add(id);
  }

  async function ask() {
    const ids = [...asked].slice(0, MOST);
    if (!ids.length) return;
    const query = new URLSearchParams(location.search);
    query.set("list", root.dataset.name);
    query.set("ids", ids.join(","));
    // A hint that comes meanwhile asks again.
    for (const id of ids) asked.delete(id);
    const answer = await fetch(`${root.dataset.cells}?${query}`, { cache: "no-cache" }).catch((error) => {
      for (const id of ids) asked.add(id);
      throw error;
    });
    const { html, matches } = await answer.json();
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const id of ids) {
      sort(id, page.querySelector(`tr[data-id="${id}"]`), matches.includes(id));
    }
    flush();
    await ask();
  }

  function take(hints, refresh) {
    many ||= refresh;
    for (const { type, id, opened: made } of hints) {
      if (type !== root.dataset.type) continue;
      if (id) asked.add(id); else many = true;
      if (made) opened.add(id);
    }
    clearTimeout(timer);
    // What was not answered is asked for again with the next hint.
    timer = setTimeout(() => ask().catch(() => {}), 200);
  }

  function words() {
    const told = Object.entries({ new: fresh, updated: waiting, left }).filter(([, ids]) => ids.size);
    return many ? "many changed" : told.map(([word, ids]) => `${ids.size} ${word}`).join(" · ");
  }

  function apply() {
    sessionStorage.setItem(MEMORY, JSON.stringify({
      at: Date.now(), url: location.href, top: scrollY,
      ids: rows().map(idOf), changed: [...waiting.keys()],
      chosen: rows().filter((row) => boxOf(row)?.checked).map(idOf),
    }));
    location.reload();
  }

  for (const name of ["focusout", "toggle"]) document.addEventListener(name, () => waiting.size && setTimeout(flush, 60), true);
  remember();
  return { take, flush, words, apply };
}

// After a reload for news: the same place, the same selection, and what is new shows for a moment.
function remember() {
  const kept = JSON.parse(sessionStorage.getItem(MEMORY) ?? "null");
  sessionStorage.removeItem(MEMORY);
  if (!kept || kept.url !== location.href || Date.now() - kept.at > 30_000) return;
  for (const row of rows()) {
    const id = idOf(row);
    if (!kept.ids.includes(id) || kept.changed.includes(id)) row.classList.add("fresh");
    if (!kept.chosen.includes(id)) continue;
    boxOf(row).checked = true;
    boxOf(row).dispatchEvent(new Event("change", { bubbles: true }));
  }
  scrollTo(0, kept.top);
}
