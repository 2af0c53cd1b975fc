// The details form: says what is unsaved, asks before it is lost, offers the category's own sub categories.
const FIELDS = "input:not([type=hidden], [type=radio]), select, textarea";
const shown = new WeakMap();
const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)].filter((field) => field.name);

function reflect(form) {
  const count = fieldsOf(form).filter((field) => field.value !== shown.get(field)).length;
  // What came back with errors is unsaved from the start.
  if (count || !("bound" in form.dataset)) form.dataset.dirty = count ? "yes" : "";
  const words = form.querySelector("[data-unsaved]");
  if (words) words.textContent = count ? `${count} unsaved change${count > 1 ? "s" : ""}` : "";
}

function narrow(form) {
  const category = form.elements.category;
  const sub = form.elements.subcategory;
  if (!category || !sub) return;
  const label = category.selectedOptions[0]?.text;
  for (const group of sub.querySelectorAll("optgroup")) {
    group.hidden = group.disabled = Boolean(category.value) && group.label !== label;
  }
  if (sub.selectedOptions[0]?.parentElement.disabled) sub.value = "";
}

for (const form of document.querySelectorAll("form[data-dirty]")) {
  if (form.dataset.dirty) form.dataset.bound = "";
  for (const field of fieldsOf(form)) shown.set(field, field.value);
}
for (const sub of document.querySelectorAll("select[name=subcategory]")) narrow(sub.form);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (event.target.name === "category") narrow(form);
  if (form?.matches("[data-dirty]")) reflect(form);
});
document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-discard]")?.closest("form");
  if (form) form.dataset.dirty = "";
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  const form = document.querySelector('form[data-dirty="yes"]');
  if (!form || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save]"));
});
addEventListener("beforeunload", (event) => {
  if (document.querySelector('form[data-dirty="yes"]:not([data-sent])')) event.preventDefault();
});
