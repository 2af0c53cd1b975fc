// What was typed and not yet sent, by record.
const PREFIX = "psew.draft.";

export const draftOf = (key) => localStorage.getItem(PREFIX + key);

export function keep(key, text) {
  if (text.trim()) localStorage.setItem(PREFIX + key, text);
  else forget(key);
}

export const forget = (key) => localStorage.removeItem(PREFIX + key);
