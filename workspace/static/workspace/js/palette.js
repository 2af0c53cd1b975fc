// Ctrl K: one box to go, act and search. Commands are what the page offers; records come from the server.
import { label, offered, press } from "./keys.js";
import { icon } from "./icons.js";

const WAIT = 100;
const MOST_COMMANDS = 8;
const RECENT = "psew.recent";
const RECORD = /^\/(incidents|cases|tasks|changes|accounts)\/[^/]*\d\/$/;
let dialog, input, list, choices = [], at = 0, asked = 0, timer;

// How well typed letters fit, in order: whole words first, then beginnings, then scattered letters.
export function score(words, typed) {
  const text = words.toLowerCase();
  const query = typed.toLowerCase().trim();
  if (!query) return 1;
  const found = text.indexOf(query);
  if (found >= 0) return 1000 - found - (found && text[found - 1] !== " " ? 100 : 0);
  let place = -1, gaps = 0;
  for (const letter of query.replaceAll(" ", "")) {
    const next = text.indexOf(letter, place + 1);
    if (next < 0) return 0;
    gaps += next - place - 1;
    place = next;
  }
  return Math.max(1, 500 - gaps * 10);
}

function commands(typed) {
  return offered()
    .filter(({ element }) => !dialog.contains(element))
    .map((each) => ({ ...each, fit: score(each.words, typed) }))
    .filter((each) => each.fit > 0)
    .sort((one, other) => other.fit - one.fit)
    .slice(0, MOST_COMMANDS)
    .map(({ element, words, key }) => ({ words, key, icon: "chevron-right", run: () => press(element) }));
}

function recent() {
  try { return JSON.parse(localStorage.getItem(RECENT)) ?? []; } catch { return []; }
}

// The last records looked at come first when the box is empty.
function remember() {
  const heading = document.querySelector("h1");
  if (!heading || !RECORD.test(location.pathname)) return;
  const seen = { words: label(heading), url: location.pathname };
  const rest = recent().filter((each) => each.url !== seen.url);
  try { localStorage.setItem(RECENT, JSON.stringify([seen, ...rest].slice(0, 6))); } catch { /* private mode */ }
}

const go = (url) => () => location.assign(url);
const records = () => recent()
  .filter((each) => each.url !== location.pathname)
  .map(({ words, url }) => ({ words, detail: "recent", icon: "timer", run: go(url) }));

function found({ title, icon: name, hits }) {
  return hits.filter((hit) => hit.url).map((hit) => ({
    words: [hit.number, hit.name].filter(Boolean).join("  "), detail: hit.detail || title, icon: name, run: go(hit.url),
  }));
}

function option(choice, index) {
  const item = document.createElement("li");
  item.id = `palette-${index}`;
  item.setAttribute("role", "option");
  item.dataset.index = index;
  const words = document.createElement("span");
  const end = document.createElement(choice.key ? "kbd" : "span");
  words.className = "grow cut";
  words.textContent = choice.words;
  end.className = choice.key ? "" : "help";
  end.textContent = choice.key || choice.detail || "";
  item.append(icon(choice.icon), words, end);
  return item;
}

function show(next) {
  choices = next;
  at = 0;
  list.replaceChildren(...choices.map(option));
  mark();
}

function mark() {
  [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
  const current = list.children[at];
  input.setAttribute("aria-activedescendant", current?.id ?? "");
  current?.scrollIntoView({ block: "nearest" });
}

async function look(typed) {
  const mine = ++asked;
  const acts = commands(typed);
  if (!typed.trim()) return show([...records(), ...acts]);
  show([...acts, searchAll(typed)]);
  try {
    const answer = await fetch(`${dialog.dataset.suggest}?q=${encodeURIComponent(typed)}`);
    if (!answer.ok || mine !== asked) return;
    const hits = (await answer.json()).groups.flatMap(found);
    // What looks like a number means a record, not a command.
    const numbered = /^[a-z]{2,6}\d/i.test(typed.trim());
    show([...(numbered ? [...hits, ...acts] : [...acts, ...hits]), searchAll(typed)]);
  } catch { /* offline: the commands are enough */ }
}

function searchAll(typed) {
  const url = `${dialog.dataset.search}?q=${encodeURIComponent(typed)}`;
  return { words: `Search everything for “${typed.trim()}”`, icon: "search", run: go(url) };
}

function choose(index) {
  const choice = choices[index];
  if (!choice) return;
  dialog.close();
  choice.run();
}

function move(event, step) {
  event.preventDefault();
  at = (at + step + choices.length) % choices.length;
  mark();
}

function open() {
  dialog.showModal();
  input.value = "";
  look("");
}

function start() {
  dialog = document.querySelector("[data-palette]");
  if (!dialog) return;
  [input, list] = [dialog.querySelector("input"), dialog.querySelector("ul")];
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => look(input.value), WAIT); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(event, 1);
    else if (event.key === "ArrowUp") move(event, -1);
    else if (event.key === "Enter") { event.preventDefault(); choose(at); }
  });
  list.addEventListener("click", (event) => choose(Number(event.target.closest("li")?.dataset.index)));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else if (!document.querySelector("dialog[open]")) open();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette-open]");
    if (opener) { event.preventDefault(); open(); }
  });
  remember();
}

start();
