// A copy of what was typed, kept in this browser only while the server could not take it.

const DAYS = 7;
const name = (draftUrl) => `zhiping.draft:${draftUrl}`;

export function keepCopy(draftUrl, values) {
  try {
    localStorage.setItem(name(draftUrl), JSON.stringify({ at: Date.now(), values }));
    return true;
  } catch {
    return false; // storage is full or switched off
  }
}

export const dropCopy = (draftUrl) => localStorage.removeItem(name(draftUrl));

/** {at: milliseconds, values} or null; a copy older than a week is thrown away. */
export function readCopy(draftUrl) {
  try {
    const copy = JSON.parse(localStorage.getItem(name(draftUrl)));
    if (copy && Date.now() - copy.at < DAYS * 24 * 3600 * 1000) return copy;
    dropCopy(draftUrl);
  } catch {
    dropCopy(draftUrl);
  }
  return null;
}
