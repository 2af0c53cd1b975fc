// The preview of a row: the eye button and Space open it beside the list, the address remembers it.
import { currentRow } from "./list.js";

const side = document.getElementById("peek");
const shown = () => (side && !side.hidden ? side.querySelector("[data-number]")?.dataset.number : "");
const eyeOf = (row) => row?.closest("tr")?.querySelector(".eye");

function remember(number) {
  const url = new URL(location.href);
  if (number) url.searchParams.set("peek", number);
  else url.searchParams.delete("peek");
  history.replaceState(null, "", url);
}

async function show(number) {
  const url = side.dataset.peek.replace(/0$/, encodeURIComponent(number));
  try {
    const answer = await fetch(url + location.search);
    if (!answer.ok) throw new Error(String(answer.status));
    side.innerHTML = await answer.text();
    side.hidden = false;
    remember(number);
  } catch {
    const address = new URL(location.href);
    address.searchParams.set("peek", number);
    location.assign(address);
  }
}

export function closePeek() {
  if (!shown()) return false;
  side.hidden = true;
  remember("");
  return true;
}

export function togglePeek() {
  const number = eyeOf(currentRow())?.value;
  if (!number) return;
  if (shown() === number) closePeek();
  else show(number);
}

export function followRow() {
  const number = eyeOf(currentRow())?.value;
  if (shown() && number && shown() !== number) show(number);
}

document.addEventListener("click", (event) => {
  const eye = event.target.closest(".eye");
  if (side && eye) {
    event.preventDefault();
    if (shown() === eye.value) closePeek();
    else show(eye.value);
  }
  if (event.target.closest("[data-peek-close]")) {
    event.preventDefault();
    closePeek();
  }
});
