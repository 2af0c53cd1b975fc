// From record to record in the order of the list one came from, by "[" and "]" (ux C.10).
const KEPT = "psew-walk";
const ROWS = 'table.list[data-list]:not([data-list=""]) tbody th[scope="row"] a[href]';

function keep() {
  const paths = [...document.querySelectorAll(ROWS)].map((link) => new URL(link.href).pathname);
  if (paths.length) sessionStorage.setItem(KEPT, JSON.stringify({ from: location.pathname + location.search, paths }));
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

// A tab of the record is still the record.
const placeIn = (paths) => paths.findIndex((path) => location.pathname.startsWith(path));

function step(path, key, words, sign) {
  const link = document.createElement("a");
  link.className = "btn ghost small only";
  link.dataset.key = key;
  link.setAttribute("aria-label", words);
  link.textContent = sign;
  if (path) link.href = path;
  else link.setAttribute("aria-disabled", "true");
  return link;
}

function offer() {
  const head = document.querySelector(".record-head");
  const { from, paths = [] } = kept();
  const at = placeIn(paths);
  if (!head || at < 0 || paths.length < 2) return;
  const nav = document.createElement("nav");
  nav.className = "walk";
  nav.setAttribute("aria-label", "Records of the list");
  const list = document.createElement("a");
  list.href = from;
  list.textContent = `${at + 1} of ${paths.length}`;
  list.setAttribute("aria-label", `Record ${at + 1} of ${paths.length}: back to the list`);
  nav.append(step(paths[at - 1], "[", "Previous record", "‹"), list, step(paths[at + 1], "]", "Next record", "›"));
  head.append(nav);
}

keep();
offer();
