// Commands of a runbook are copied with one press, where the browser lets pages copy.
import { showToast } from "./toast.js";

function offer() {
  if (!navigator.clipboard) return;
  for (const block of document.querySelectorAll(".runbook pre:not(:has(.copy))")) {
    const text = block.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy the commands");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      showToast("Copied the commands.");
    });
    block.append(button);
  }
}

document.addEventListener("htmx:afterSettle", offer);
offer();
