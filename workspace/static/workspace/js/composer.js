// The composer keeps drafts per record until the server has taken them, and sends with Ctrl+Enter.
import { showDialog } from "./dialog.js";
import { draftOf, forget, keep } from "./drafts.js";
import { lock, unlock } from "./forms.js";
import { follow, sendForm } from "./net.js";
import { showToast } from "./toast.js";

function restore(form) {
  const area = form.querySelector("textarea");
  const draft = draftOf(form.dataset.composer);
  if (!draft || area.value) return;
  area.value = draft;
  const status = form.querySelector("[data-composer-status]");
  if (status) status.textContent = "Your draft from before is back.";
}

// Show the composer as the server answers it: whom it goes to by now, and what is wrong.
function renew(form, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector(`[data-composer="${CSS.escape(form.dataset.composer)}"]`);
  if (!fresh) return false;
  form.replaceWith(document.adoptNode(fresh));
  fresh.querySelector("textarea").focus();
  return true;
}

async function send(form, submitter) {
  lock(form, submitter);
  try {
    const answer = await sendForm(form, submitter);
    const next = answer.headers.get("X-Location");
    if (answer.status === 422 && renew(form, await answer.clone().text())) return;
    if (!next && answer.status !== 200) throw new Error("refused");
    if (next) {
      forget(form.dataset.composer);
      return follow(next);
    }
    // Customers read it, so it is looked at first.
    unlock(form);
    showDialog(await answer.text(), answer.url);
  } catch {
    unlock(form);
    showToast("The entry was not saved. Your text is kept; try again.", "error");
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-composer]");
  if (form && event.target.matches("textarea")) keep(form.dataset.composer, event.target.value);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-composer]");
  if (form && event.target.matches('[name="kind"]')) form.querySelector("textarea").focus();
});
document.addEventListener("submit", (event) => {
  if (!event.target.dataset.composer) return;
  event.preventDefault();
  if (!("sent" in event.target.dataset)) send(event.target, event.submitter);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  // In a dialog from anywhere, elsewhere from what one writes.
  const form = event.target.matches("textarea") ? event.target.form : event.target.closest?.("dialog")?.querySelector("form:has(button.primary)");
  if (!form) return;
  event.preventDefault();
  const buttons = [...form.querySelectorAll("button.primary, button:not([class], [type=button])")];
  form.requestSubmit(buttons.find((button) => button.offsetParent));
});
document.querySelectorAll("[data-composer]").forEach(restore);
