// Pan, zoom and find in the impact graph. Without this the drawing scrolls and the form finds.
const box = document.querySelector("[data-graph]");
const svg = box?.querySelector("svg.graph");
const STEP = 1.25;
const [WIDTH, HEIGHT] = [196, 48];
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

// The way that was asked for comes into view whole, if it is not too long.
function showLit() {
  const lit = [...svg.querySelectorAll(".node.lit")].map(at);
  if (!lit.length) return;
  const xs = lit.map((each) => each.x), ys = lit.map((each) => each.y);
  const w = Math.max(...xs) - Math.min(...xs) + WIDTH, h = Math.max(...ys) - Math.min(...ys) + HEIGHT;
  const by = Math.max(1, (w + 48) / view.w, (h + 48) / view.h);
  view.w *= by;
  view.h *= by;
  view.x = Math.min(...xs) + (w - view.w) / 2;
  view.y = Math.min(...ys) + (h - view.h) / 2;
  show();
}

function at(node) {
  const { e: x, f: y } = node.transform.baseVal.consolidate().matrix;
  return { x, y };
}

// A box reached by the keyboard comes into view.
function reveal(event) {
  const node = event.target.closest(".node");
  if (!node?.matches(":focus-visible")) return;
  const { x, y } = at(node);
  if (x < view.x || x + WIDTH > view.x + view.w) view.x = x + (WIDTH - view.w) / 2;
  if (y < view.y || y + HEIGHT > view.y + view.h) view.y = y + (HEIGHT - view.h) / 2;
  show();
}

function begin() {
  whole = { w: svg.width.baseVal.value, h: svg.height.baseVal.value };
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  const scale = limit(box.clientWidth / whole.w, 0.66, 1);
  box.style.setProperty("--graph-height", `${whole.h * scale + 24}px`);
  box.classList.add("live");
  fit(scale);
  showLit();
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
