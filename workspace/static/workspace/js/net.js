// Forms sent by script: the server answers X-Dialog requests with X-Location instead of a redirect.
export const HEADERS = { "X-Dialog": "1" };

export function sendForm(form, submitter) {
  const url = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  return fetch(url, { method: "POST", body: new FormData(form, submitter), headers: HEADERS });
}

const bare = (url) => url.href.split("#")[0];

export function follow(next) {
  const url = new URL(next, location.href);
  if (bare(url) !== bare(new URL(location.href))) return location.assign(url);
  history.replaceState(null, "", url);
  location.reload();
}
