// Toasts leave after six seconds (an Undo after thirty) unless they are errors, pointed at, or focused.
import { csrfToken } from "./csrf.js";

const PATIENCE = 6000;
const MOST = 3;
const TONES = { error: "p1", warning: "p2", info: "p4", success: "ok" };

function dismissLater(toast) {
  if (document.documentElement.dataset.toasts === "stay") return;
  if (["error", "warning"].includes(toast.dataset.toast) || toast.querySelector("a")) return;
  let timer;
  // What can be undone is offered as long as that takes.
  const patience = toast.querySelector("form") ? 5 * PATIENCE : PATIENCE;
  const start = () => { timer = setTimeout(() => toast.remove(), patience); };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
  start();
}

function undoForm(url) {
  const form = document.createElement("form");
  const button = document.createElement("button");
  form.method = "post";
  form.action = url;
  for (const [name, value] of [["csrfmiddlewaretoken", csrfToken()], ["next", location.pathname + location.search]]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  button.className = "btn small";
  button.textContent = "Undo";
  form.append(button);
  return form;
}

// `undo` is the address that takes back what was done.
export function showToast(text, level = "success", undo = "") {
  const box = document.getElementById("toasts");
  const toast = document.createElement("div");
  const words = document.createElement("p");
  const close = document.createElement("button");
  toast.className = "toast";
  toast.dataset.toast = level;
  toast.dataset.tone = TONES[level] ?? "ok";
  if (level === "error") toast.setAttribute("role", "alert");
  words.textContent = text;
  close.className = "btn ghost small only";
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", "Dismiss");
  close.dataset.toastClose = "";
  toast.append(words, ...(undo ? [undoForm(undo)] : []), close);
  box.append(toast);
  while (box.children.length > MOST) box.firstElementChild.remove();
  dismissLater(toast);
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest(".toast").remove();
});
document.addEventListener("htmx:responseError", () => {
  showToast("The server refused that. Nothing was changed; reload the page and try again.", "error");
});
document.addEventListener("htmx:sendError", () => {
  showToast("The server did not answer. Check the connection and try again.", "error");
});
document.querySelectorAll(".toast").forEach(dismissLater);
