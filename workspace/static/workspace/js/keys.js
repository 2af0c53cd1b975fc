// Single keys outside inputs press whatever carries data-key; "?" shows the map.
import { currentRow, hasRows, moveRow, selectAll, toggleRow } from "./list.js";
import { closePeek, followRow, togglePeek } from "./peek.js";

const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
// A person may have given commands other keys; the page is marked with the shipped ones.
const MOVED = JSON.parse(document.documentElement.dataset.keymap || "{}");
const SHIPPED = Object.fromEntries(Object.entries(MOVED).map(([shipped, chosen]) => [chosen, shipped]));
export const shownKey = (key) => MOVED[key] ?? key;
const shippedKey = (pressed) => SHIPPED[pressed] ?? (pressed in MOVED ? "" : pressed);
const LIST_KEYS = [
  [`${shownKey("j")} / ${shownKey("k")}`, "Next, previous row"], [`Enter or ${shownKey("o")}`, "Open the row"],
  ["Space", "Preview the row"], [shownKey("x"), "Select the row"], ["Shift x", "Select up to the row"],
  ["Shift A", "Select all rows of the page"],
];
let going = false;

const seen = (element) => element.offsetParent !== null || element.tagName === "LABEL" || Boolean(element.closest("details.menu"));

function target(attribute, key) {
  return [...document.querySelectorAll(`[${attribute}="${CSS.escape(key)}"]`)].findLast(seen);
}

export function press(element) {
  if (element.disabled || element.getAttribute("aria-disabled") === "true") element.focus();
  else if (element.matches(FIELDS)) { element.focus(); element.select?.(); }
  else element.click();
  if (element.matches("label")) element.closest("form")?.querySelector("textarea")?.focus();
}

function act(event, element) {
  event.preventDefault();
  press(element);
}

const ROWS = {
  j: () => { moveRow(1); followRow(); }, k: () => { moveRow(-1); followRow(); },
  x: () => toggleRow(), X: () => toggleRow(true), " ": togglePeek,
  o: () => currentRow()?.click(),
  A: () => {
    const form = document.querySelector("table.list [data-select-all]")?.form;
    if (form) selectAll(form, true);
  },
};

export function label(element) {
  return element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim().replace(/\s+/g, " ");
}

function entries() {
  const keys = [...document.querySelectorAll("[data-key]")].filter(seen).map((each) => [shownKey(each.dataset.key), label(each)]);
  const places = [...document.querySelectorAll("[data-go]")].map((each) => [`g ${each.dataset.go}`, `Go to ${label(each)}`]);
  return [...keys, ...(hasRows() ? LIST_KEYS : []), ["Ctrl K", "Search and act from one place"], ["Ctrl Enter", "Send the note or the dialog"], ["?", "Show this help"], ...places];
}

// What the page offers: elements with keys and places to go, with the words that name them.
export function offered() {
  return [...document.querySelectorAll("[data-key], [data-go], [data-command]")]
    .filter((each) => each.tagName === "A" || seen(each))
    .map((element) => {
      const { key, go } = element.dataset;
      return { element, words: go ? `Go to ${label(element)}` : label(element), key: key ? shownKey(key) : go ? `g ${go}` : "" };
    });
}

export function showHelp() {
  const dialog = document.createElement("dialog");
  dialog.className = "modal";
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.innerHTML = '<form method="dialog" class="dialog-head"><h2 id="keys-title">Keyboard shortcuts</h2><button class="btn small">Close</button></form><div class="dialog-main"><dl class="pairs"></dl><p class="help">Single keys rest while you type.</p><br></div>';
  const list = dialog.querySelector("dl");
  for (const [keys, words] of entries()) {
    const term = document.createElement("dt");
    const kbd = document.createElement("kbd");
    const text = document.createElement("dd");
    kbd.textContent = keys;
    text.textContent = words;
    term.append(kbd);
    list.append(term, text);
  }
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches(FIELDS) || document.documentElement.dataset.keys === "off") {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (going) {
    going = false;
    const place = target("data-go", event.key);
    if (place) return act(event, place);
  }
  if (event.key === "g") { going = true; setTimeout(() => { going = false; }, 1200); return; }
  if (event.key === "Escape" && closePeek()) return;
  // Space presses what has the focus; only on a row's link it previews.
  if (event.key === " " && event.target.closest("button, summary, input, a:not([aria-current])")) return;
  if (event.key === "?") { event.preventDefault(); return showHelp(); }
  const key = shippedKey(event.key);
  const element = key && target("data-key", key);
  if (element) return act(event, element);
  if (ROWS[key] && hasRows()) { event.preventDefault(); ROWS[key](); }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-help]")) showHelp();
});
for (const element of document.querySelectorAll("[data-key]")) {
  if (!element.matches("label")) element.setAttribute("aria-keyshortcuts", shownKey(element.dataset.key));
}
