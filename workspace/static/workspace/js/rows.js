// What a list's rows have where scripts run: ids of rows and cells, so that these can be changed
// alone, and the eye that opens the preview. The page leaves them out: they were a third of it.
const table = document.querySelector("table[data-list]");

// The id comes first, as in the cells the server sends later, so that both read alike.
function name(cell, id) {
  const others = [...cell.attributes].map((each) => [each.name, each.value]);
  for (const [key] of others) cell.removeAttribute(key);
  cell.id = id;
  for (const [key, value] of others) cell.setAttribute(key, value);
}

function eye(number) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "eye";
  made.value = number;
  made.setAttribute("aria-label", `Preview ${number}`);
  return made;
}

const keys = [...(table?.querySelectorAll("thead th") ?? [])].map((head) => head.dataset.column);
if (keys.some(Boolean)) {
  for (const row of table.tBodies[0].rows) {
    const check = row.querySelector(".row-check");
    row.dataset.id = check.value;
    [...row.cells].forEach((cell, place) => {
      if (keys[place]) name(cell, `${table.dataset.list}-${row.dataset.id}-${keys[place]}`);
    });
    // Without its end tag the last cell takes the line's end along.
    const tail = row.lastElementChild.lastChild;
    if (tail?.nodeType === Node.TEXT_NODE) tail.data = tail.data.trimEnd();
    check.after(eye(check.getAttribute("aria-label").replace("Select ", "")));
  }
}
