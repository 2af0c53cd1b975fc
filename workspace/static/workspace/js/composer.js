// The composer keeps drafts per record until the server has taken them, and sends with Ctrl+Enter.
import { lock, unlock } from "./forms.js";
import { follow, sendForm } from "./net.js";
import { showToast } from "./toast.js";

const PREFIX = "psew.draft.";

function store(key, text) {
  if (text.trim()) localStorage.setItem(PREFIX + key, text);
  else localStorage.removeItem(PREFIX + key);
}

function restore(form) {
  const area = form.querySelector("textarea");
  const draft = localStorage.getItem(PREFIX + form.dataset.composer);
  if (!draft || area.value) return;
  area.value = draft;
  const status = form.querySelector("[data-composer-status]");
  if (status) status.textContent = "Your draft from before is back.";
}

async function send(form, submitter) {
  lock(form, submitter);
  try {
    const next = (await sendForm(form, submitter)).headers.get("X-Location");
    if (!next) throw new Error("refused");
    store(form.dataset.composer, "");
    follow(next);
  } catch {
    unlock(form);
    showToast("The entry was not saved. Your text is kept; try again.", "error");
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-composer]");
  if (form && event.target.matches("textarea")) store(form.dataset.composer, event.target.value);
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
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea")) return;
  event.preventDefault();
  event.target.form?.requestSubmit(event.target.form.querySelector("button:not([type=button]):not([hidden])"));
});
document.querySelectorAll("[data-composer]").forEach(restore);
