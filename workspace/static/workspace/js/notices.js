// A message to customers: its preview follows the typing, its button counts who is told.
import { HEADERS } from "./net.js";

const PARTS = ["message-preview", "message-warnings", "recipients"];
let timer;
let latest = 0;

async function preview(form) {
  const mine = ++latest;
  const body = new FormData(form, form.querySelector("[name=look]"));
  const answer = await fetch(form.action, { method: "POST", body, headers: HEADERS });
  if (!answer.ok || mine !== latest) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of PARTS) form.querySelector(`#${id}`)?.replaceWith(page.getElementById(id));
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-message]")?.closest("form");
  clearTimeout(timer);
  if (form) timer = setTimeout(() => preview(form).catch(() => {}), 700);
});
document.addEventListener("change", (event) => {
  const told = event.target.name === "leave_out" && event.target.form.querySelector("[data-told]");
  if (!told) return;
  const boxes = [...event.target.form.querySelectorAll("[data-reached]")];
  const more = boxes.reduce((sum, box) => sum + box.defaultChecked - box.checked, 0);
  told.textContent = Number(told.dataset.told) + more;
  preview(event.target.form).catch(() => {});
});
