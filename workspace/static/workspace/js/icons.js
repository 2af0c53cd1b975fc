// An icon of the page's own sprite.
const NS = "http://www.w3.org/2000/svg";

export function icon(name) {
  const sprite = document.querySelector("svg use")?.getAttribute("href").split("#")[0] ?? "";
  const svg = document.createElementNS(NS, "svg");
  const use = document.createElementNS(NS, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
