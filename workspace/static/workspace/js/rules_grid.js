// The grid of a decision table: rows move, double and go without a round trip; checks follow.
const form = document.querySelector("[data-rules-grid]");
const body = form?.querySelector("tbody");

function renumber() {
  [...body.rows].forEach((row, at) => {
    const number = String(at + 1);
    row.id = `row-${number}`;
    row.querySelector("[data-row-number]").textContent = number;
    for (const field of row.querySelectorAll("[aria-label]")) {
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/row \d+/, `row ${number}`));
    }
    for (const button of row.querySelectorAll("[data-row-do]")) button.value = `${button.dataset.rowDo}:${number}`;
  });
}

function changed() {
  form.dataset.dirty = "yes";
  renumber();
  form.dispatchEvent(new CustomEvent("rows-changed"));
}

// A copy or a new row is another row than any before: it has no key, hits or findings of its own.
function fresh(row) {
  row.querySelector('[name="key"]').value = "";
  row.removeAttribute("data-tone");
  const hits = row.querySelector("td.num");
  if (hits) hits.textContent = "0";
  return row;
}

const verbs = {
  up: (row) => row.previousElementSibling?.before(row),
  down: (row) => row.nextElementSibling?.after(row),
  copy(row) {
    const copy = fresh(row.cloneNode(true));
    const typed = row.querySelectorAll("input");
    copy.querySelectorAll('input:not([name="key"])').forEach((field) => {
      field.value = [...typed].find((each) => each.name === field.name).value;
    });
    row.after(copy);
    copy.querySelector("input")?.focus();
  },
  delete(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("input") ?? form.querySelector("[data-save]")).focus();
  },
  add() {
    const blank = form.querySelector("[data-blank-row]").content.cloneNode(true);
    body.append(blank);
    body.lastElementChild.querySelector("input").focus();
  },
};

form?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-row-do]");
  if (!button) return;
  event.preventDefault();
  verbs[button.dataset.rowDo](button.closest("tr"));
  changed();
  if (["up", "down"].includes(button.dataset.rowDo)) button.focus();
});

form?.addEventListener("keydown", (event) => {
  const row = event.target.closest("tbody tr");
  if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  verbs[event.key === "ArrowUp" ? "up" : "down"](row);
  changed();
  event.target.focus();
});
