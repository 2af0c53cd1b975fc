// <a data-dialog> opens its page's form in a native dialog. Without scripts it is a plain link.
import { forget } from "./drafts.js";
import { lock, unlock } from "./forms.js";
import { follow, HEADERS, sendForm } from "./net.js";

let modal;

function build() {
  const dialog = document.createElement("dialog");
  dialog.className = "modal";
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  dialog.addEventListener("submit", send);
  document.body.append(dialog);
  return dialog;
}

function typed() {
  if (modal.querySelector("[data-typed]")) return true;
  return [...modal.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")]
    .some((field) => field.value !== field.defaultValue);
}

function leave() {
  if (!typed() || confirm("Discard what you typed?")) modal.close();
}

function focusFirst() {
  const first = modal.querySelector("[data-form-errors], [autofocus]")
    ?? modal.querySelector(".dialog-main :is(textarea, select, input:not([type=hidden]), button)");
  first?.focus();
}

function show(html, url) {
  modal.innerHTML = html;
  const form = modal.querySelector("form");
  if (form) form.action = new URL(form.getAttribute("action") || url, location.href).href;
  if (!modal.open) modal.showModal();
  window.htmx?.process(modal);
  focusFirst();
}

function fail(url) {
  if (modal.querySelector("form")) {
    unlock(modal.querySelector("form"));
    const note = modal.querySelector("[data-dialog-failed]") ?? document.createElement("p");
    note.dataset.dialogFailed = "";
    note.className = "error";
    note.setAttribute("role", "alert");
    note.textContent = "The server did not take this. Your text is kept; try again.";
    modal.querySelector(".dialog-foot")?.before(note);
  } else {
    location.assign(url);
  }
}

async function receive(response, url) {
  const next = response.headers.get("X-Location");
  if (next) {
    // What began in the composer was sent from here; its draft is no longer one.
    forget(modal.querySelector("[data-draft]")?.dataset.draft);
    modal.close();
    follow(next);
  } else if (response.ok || response.status === 422 || response.status === 409) {
    show(await response.text(), url);
  } else {
    fail(url);
  }
}

export function showDialog(html, url) {
  modal ??= build();
  show(html, url);
}

export async function openDialog(url) {
  modal ??= build();
  modal.innerHTML = "";
  try {
    await receive(await fetch(url, { headers: HEADERS }), url);
  } catch {
    location.assign(url);
  }
}

async function send(event) {
  event.preventDefault();
  const form = event.target;
  if ("sent" in form.dataset) return;
  lock(form, event.submitter);
  try {
    await receive(await sendForm(form, event.submitter), form.action);
  } catch {
    fail(form.action);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    if (link.getAttribute("aria-disabled") !== "true") openDialog(link.href);
  }
  if (modal?.open && event.target.closest("[data-dialog-close]")) {
    event.preventDefault();
    leave();
  }
});
