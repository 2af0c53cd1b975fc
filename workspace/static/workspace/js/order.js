// Alt and an arrow move the step one is at; without scripts its buttons do.
const WAYS = { ArrowUp: "up", ArrowDown: "down" };

document.addEventListener("keydown", (event) => {
  const way = event.altKey && WAYS[event.key];
  const step = way && event.target.closest?.("[data-orderable] > [data-step]");
  if (!step) return;
  event.preventDefault();
  step.querySelector(`[data-move="${way}"]:not([disabled])`)?.click();
});

// After a move the step that was moved is where one goes on.
const at = location.hash.startsWith("#step-") && document.getElementById(location.hash.slice(1));
if (at) at.focus();
