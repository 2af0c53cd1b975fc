// Navigation width, theme and density, and menus that close when one looks away.
import { csrfToken } from "./csrf.js";

const root = document.documentElement;
const narrow = matchMedia("(width < 1100px)");

function navIsOpen() {
  return narrow.matches ? root.dataset.nav === "open" : root.dataset.nav !== "collapsed";
}

function reflectNav() {
  document.querySelector("[data-nav-toggle]")?.setAttribute("aria-expanded", String(navIsOpen()));
}

function toggleNav() {
  const open = !navIsOpen();
  root.dataset.nav = narrow.matches ? (open ? "open" : "") : (open ? "" : "collapsed");
  if (!narrow.matches) {
    const value = open ? "" : "collapsed";
    document.cookie = `psew_nav=${value}; path=/; max-age=31536000; samesite=lax`;
  }
  reflectNav();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

// The choice shows at once and is kept by the server, so that the next page starts with it.
async function prefer(event) {
  const form = event.target.closest("[data-preferences]");
  const button = event.submitter;
  if (!form || !button?.name) return;
  event.preventDefault();
  root.dataset[button.name] = button.value;
  for (const each of form.querySelectorAll(`[name="${button.name}"]`)) {
    each.setAttribute("aria-pressed", String(each === button));
  }
  const body = new FormData(form, button);
  await fetch(form.action, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": csrfToken() } });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-nav-toggle]")) toggleNav();
  else if (root.dataset.nav === "open" && !event.target.closest(".nav")) {
    root.dataset.nav = "";
    reflectNav();
  }
  closeMenus(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  closeMenus(null);
  menu?.querySelector("summary").focus();
  if (root.dataset.nav === "open") toggleNav();
});
document.addEventListener("submit", prefer);
narrow.addEventListener("change", reflectNav);
reflectNav();
