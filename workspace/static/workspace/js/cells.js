// Cells that change where they stand: a button per cell opens the cell's form in a popover.
import { lock, unlock } from "./forms.js";
import { HEADERS } from "./net.js";
import { showToast } from "./toast.js";

const table = document.querySelector("table[data-list]");
let box;
let opener;

// Cards on narrow screens name their values by the headers of the table.
function label() {
  const names = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  for (const row of table.tBodies[0].rows) {
    [...row.cells].forEach((cell, place) => { if (cell.matches("td[id]")) cell.dataset.label = names[place]; });
  }
}

// Names the cells for cards and gives each its button; called again after cells were replaced.
export function dress() {
  label();
  for (const head of table.querySelectorAll("th[data-edit]")) {
    for (const check of table.querySelectorAll(".row-check")) {
      const cell = document.getElementById(`${table.dataset.list}-${check.value}-${head.dataset.edit}`);
      if (cell && !cell.querySelector(".cell-edit")) cell.append(button(check, head));
    }
  }
}

function button(check, head) {
  const made = document.createElement("button");
  const number = check.getAttribute("aria-label").replace("Select ", "");
  made.type = "button";
  made.className = "cell-edit";
  made.dataset.url = `${location.pathname}${check.value}/edit/${head.dataset.edit}`;
  made.setAttribute("aria-label", `Change ${head.textContent.trim().toLowerCase()} of ${number}`);
  return made;
}

function build() {
  const made = document.createElement("div");
  made.className = "cell-box";
  made.setAttribute("role", "dialog");
  made.setAttribute("aria-labelledby", "dialog-title");
  made.popover = "auto";
  made.addEventListener("submit", send);
  made.addEventListener("toggle", (event) => {
    opener?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed") opener?.focus();
  });
  made.addEventListener("click", (event) => {
    if (event.target.closest("[data-dialog-close], a[data-dialog]")) {
      if (event.target.closest("[data-dialog-close]")) event.preventDefault();
      made.hidePopover();
    }
  });
  document.body.append(made);
  return made;
}

function show(html) {
  box.innerHTML = html;
  if (!box.matches(":popover-open")) box.showPopover();
  const place = opener.closest("td").getBoundingClientRect();
  const left = Math.max(8, Math.min(place.left, innerWidth - box.offsetWidth - 8));
  const below = place.bottom + 4 + box.offsetHeight < innerHeight;
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(8, below ? place.bottom + 4 : place.top - box.offsetHeight - 4)}px`;
  box.querySelector(".dialog-main :is(select, input:not([type=hidden]), button)")?.focus();
}

async function open(from) {
  box ??= build();
  opener = from;
  const url = `${from.dataset.url}?back=${encodeURIComponent(location.search.slice(1))}`;
  try {
    const answer = await fetch(url, { headers: HEADERS });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.text());
  } catch {
    location.assign(url);
  }
}

function patch(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const row = opener.closest("tr");
  for (const cell of fresh.querySelectorAll("td[id]")) {
    const old = document.getElementById(cell.id);
    if (!old) continue;
    cell.classList.add("changed");
    old.replaceWith(cell);
  }
  const tone = fresh.querySelector("tr")?.dataset.tone;
  if (row && tone) row.dataset.tone = tone;
  dress();
}

async function send(event) {
  event.preventDefault();
  const form = event.target;
  if ("sent" in form.dataset) return;
  lock(form, event.submitter);
  try {
    const body = new FormData(form, event.submitter);
    const answer = await fetch(form.action, { method: "POST", body, headers: { ...HEADERS, "X-Cell": "1" } });
    const saved = answer.headers.get("X-Saved");
    if (saved) {
      patch(await answer.text());
      box.hidePopover();
      showToast(`Saved ${saved.toLowerCase().replace(/[a-z]+\d+$/, (number) => number.toUpperCase())}.`, "success", answer.headers.get("X-Undo"));
    } else if ([409, 422].includes(answer.status)) show(await answer.text());
    else throw new Error(String(answer.status));
  } catch {
    unlock(form);
    showToast("The server did not take this. Nothing was changed; try again.", "error");
  }
}

if (table) {
  dress();
  document.addEventListener("click", (event) => {
    const from = event.target.closest(".cell-edit");
    if (from) open(from);
  });
}
