// Lists: selection with its count, and a current row for the keyboard.
const boxes = (form) => [...form.querySelectorAll(".row-check")];

function reflect(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  const head = form.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  for (const out of form.querySelectorAll("[data-selected]")) out.textContent = `${chosen} selected`;
  for (const button of form.querySelectorAll("[data-needs-selection]")) {
    button.toggleAttribute("disabled", chosen === 0);
  }
}

export function selectAll(form, on) {
  for (const box of boxes(form)) box.checked = on;
  reflect(form);
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (event.target.matches("[data-select-all]")) selectAll(form, event.target.checked);
  else if (event.target.matches(".row-check")) reflect(form);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-select-none]")) selectAll(event.target.closest("form"), false);
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

export function toggleRow() {
  const box = currentRow()?.closest("tr")?.querySelector(".row-check");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}
