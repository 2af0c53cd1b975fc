// Pan, zoom and find in the impact graph. Without this the drawing scrolls and the form finds.
const box = document.querySelector("[data-graph]");
const svg = box?.querySelector("svg.graph");
const STEP = 1.25;
const view = { x: 0, y: 0, w: 1, h: 1 };
let whole;

const limit = (value, low, high) => Math.min(Math.max(value, low), high);
const show = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);

// All of it, or at a scale from its left edge, where the fault is.
function fit(scale) {
  const by = scale ?? limit(Math.min(box.clientWidth / whole.w, box.clientHeight / whole.h), 0.05, 1);
  view.w = box.clientWidth / by;
  view.h = box.clientHeight / by;
  view.x = view.w > whole.w || !scale ? (whole.w - view.w) / 2 : 0;
  view.y = (whole.h - view.h) / 2;
  show();
}

function zoom(by, px = 0.5, py = 0.5) {
  const w = limit(view.w / by, box.clientWidth / 3, Math.max(whole.w, box.clientWidth) * 4);
  const factor = w / view.w;
  view.x += view.w * px * (1 - factor);
  view.y += view.h * py * (1 - factor);
  view.h *= factor;
  view.w = w;
  show();
}

function pan(dx, dy) {
  view.x += dx * view.w;
  view.y += dy * view.h;
  show();
}

const DEEDS = {
  "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), 0: () => fit(),
  ArrowLeft: () => pan(-0.1, 0), ArrowRight: () => pan(0.1, 0), ArrowUp: () => pan(0, -0.1), ArrowDown: () => pan(0, 0.1),
};

// The wheel zooms once one has gone into the graph; until then it scrolls the page.
function wheel(event) {
  if (!event.ctrlKey && !box.contains(document.activeElement)) return;
  event.preventDefault();
  const at = box.getBoundingClientRect();
  zoom(event.deltaY < 0 ? STEP : 1 / STEP, (event.clientX - at.x) / at.width, (event.clientY - at.y) / at.height);
}

let held;
function hold(event) {
  if (event.button === 0) held = { x: event.clientX, y: event.clientY, moved: false };
}
function drag(event) {
  if (!held || !event.buttons) return;
  const dx = event.clientX - held.x;
  const dy = event.clientY - held.y;
  if (!held.moved && Math.hypot(dx, dy) < 4) return;
  box.classList.add("held");
  pan(-dx / box.clientWidth, -dy / box.clientHeight);
  held = { x: event.clientX, y: event.clientY, moved: true };
}
function release(event) {
  // A box that was dragged over is not pressed.
  if (held?.moved && event.type === "click") event.preventDefault();
  if (event.type === "click") held = undefined;
  box.classList.remove("held");
}

function find(words) {
  const low = words.trim().toLowerCase();
  const lit = new Set();
  for (const node of svg.querySelectorAll(".node")) {
    const hit = node.getAttribute("aria-label").toLowerCase().includes(low);
    if (hit) lit.add(node.dataset.keyOf);
    mark(node, low, hit);
  }
  for (const edge of svg.querySelectorAll(".edge")) mark(edge, low, lit.has(edge.dataset.from) && lit.has(edge.dataset.to));
}
function mark(element, words, hit) {
  element.classList.toggle("dim", Boolean(words) && !hit);
  element.classList.toggle("lit", Boolean(words) && hit);
}

// A box reached by the keyboard comes into view.
function reveal(event) {
  const node = event.target.closest(".node");
  if (!node?.matches(":focus-visible")) return;
  const { e: x, f: y } = node.transform.baseVal.consolidate().matrix;
  if (x < view.x || x + 196 > view.x + view.w) view.x = x + 98 - view.w / 2;
  if (y < view.y || y + 48 > view.y + view.h) view.y = y + 24 - view.h / 2;
  show();
}

function begin() {
  whole = { w: svg.width.baseVal.value, h: svg.height.baseVal.value };
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  const scale = limit(box.clientWidth / whole.w, 0.7, 1);
  box.style.setProperty("--graph-height", `${whole.h * scale + 24}px`);
  box.classList.add("live");
  fit(scale);
  box.addEventListener("wheel", wheel, { passive: false });
  box.addEventListener("pointerdown", hold);
  box.addEventListener("pointermove", drag);
  box.addEventListener("click", release);
  box.addEventListener("pointerleave", () => { held = undefined; box.classList.remove("held"); });
  box.addEventListener("focusin", reveal);
  box.addEventListener("scroll", () => box.scrollTo(0, 0));
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !DEEDS[event.key]) return;
    event.preventDefault();
    DEEDS[event.key]();
  });
  const tools = document.querySelector("[data-graph-tools]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => DEEDS[event.target.closest("[data-graph-do]")?.dataset.graphDo]?.());
  document.querySelector("[data-graph-find]").addEventListener("input", (event) => find(event.target.value));
}

if (svg) begin();
