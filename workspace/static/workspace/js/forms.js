// Ordinary forms: sent once, first fault focused, selects that submit at once.
export function lock(form, submitter) {
  form.dataset.sent = "";
  submitter?.setAttribute("aria-busy", "true");
}

export function unlock(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  // These send themselves, see composer.js and shell.js.
  if (form.method !== "post" || event.defaultPrevented || form.matches("[data-composer], [data-preferences]")) return;
  if ("sent" in form.dataset) event.preventDefault();
  else lock(form, event.submitter);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});
// A page restored by the back button must not stay locked.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(unlock));

const faults = document.querySelector("[data-form-errors]");
faults?.focus();
