// Lists: selection with its count, order by two keys, and a current row for the keyboard.
import { unlock } from "./forms.js";

const boxes = (form) => [...form.querySelectorAll(".row-check")];

function reflect(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  const head = form.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  const matching = form.querySelector("[data-select-matching]");
  const said = matching?.checked ? `All ${matching.dataset.selectMatching}` : chosen;
  for (const out of form.querySelectorAll("[data-selected]")) out.textContent = `${said} selected`;
  for (const button of form.querySelectorAll("[data-needs-selection]")) {
    button.toggleAttribute("disabled", chosen === 0);
  }
}

export function selectAll(form, on) {
  for (const box of boxes(form)) box.checked = on;
  const matching = form.querySelector("[data-select-matching]");
  if (matching && !on) matching.checked = false;
  reflect(form);
}

let anchor;

function selectTo(box) {
  const all = boxes(box.form);
  const [from, to] = [all.indexOf(anchor), all.indexOf(box)].sort((one, other) => one - other);
  if (from < 0) return;
  for (const each of all.slice(from, to + 1)) each.checked = box.checked;
}

document.addEventListener("change", (event) => {
  const { form } = event.target;
  if (event.target.matches("[data-select-all], [data-select-matching]")) selectAll(form, event.target.checked);
  else if (event.target.matches(".row-check")) {
    const matching = form.querySelector("[data-select-matching]");
    if (matching) matching.checked = false;
    reflect(form);
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-select-none]")) selectAll(event.target.closest("form"), false);
  if (event.target.matches(".row-check")) {
    if (event.shiftKey) { selectTo(event.target); reflect(event.target.form); }
    anchor = event.target;
  }
  const header = event.target.closest("a[data-sort]");
  if (header && event.shiftKey) sortSecond(event, header);
});

// Shift keeps the first key of the order and makes this column the second.
function sortSecond(event, header) {
  event.preventDefault();
  const url = new URL(header.href);
  const first = (new URL(location.href).searchParams.get("sort") ?? "").split(",")[0];
  const key = header.dataset.sort;
  if (first && first.replace("-", "") !== key.replace("-", "")) url.searchParams.set("sort", `${first},${key}`);
  location.assign(url);
}

// However many rows are chosen, one field carries them.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-bulk]")) return;
  const ids = event.formData.getAll("id");
  event.formData.delete("id");
  event.formData.set("ids", event.formData.has("matching") ? "" : ids.join(","));
});
document.addEventListener("submit", (event) => {
  // A download leaves the page as it is, so the form must stay usable.
  if (event.submitter?.matches("[data-download]")) setTimeout(() => unlock(event.target), 1500);
});
document.querySelectorAll("form:has(.row-check)").forEach(reflect);

const ROWS = "table.list tbody tr";
const links = () => [...document.querySelectorAll(`${ROWS} th[scope="row"] a`)].filter((link) => link.offsetParent);
export const hasRows = () => links().length > 0;
export const currentRow = () => document.querySelector(`${ROWS} a[aria-current="true"]`);

export function moveRow(step) {
  const all = links();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  for (const link of all) link.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

export function toggleRow(range = false) {
  const box = currentRow()?.closest("tr")?.querySelector(".row-check");
  if (!box) return;
  box.checked = range || !box.checked;
  if (range) selectTo(box);
  anchor = box;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}
