// A copy of what was typed, kept in this browser only while the server could not take it.
import { now } from './clock.js';

const DAYS = 7;
const name = (draftUrl) => `zhiping.draft:${draftUrl}`;

export function keepCopy(draftUrl, values) {
  try {
    localStorage.setItem(name(draftUrl), JSON.stringify({ at: now().getTime(), kept: Date.now(), values }));
    return true;
  } catch {
    return false; // storage is full or switched off
  }
}

export const dropCopy = (draftUrl) => localStorage.removeItem(name(draftUrl));

/** {at, values} or null, `at` by the application's clock; a copy older than a week of this machine's is thrown away. */
export function readCopy(draftUrl) {
  try {
    const copy = JSON.parse(localStorage.getItem(name(draftUrl)));
    if (copy && Date.now() - copy.kept < DAYS * 24 * 3600 * 1000) return copy;
    dropCopy(draftUrl);
  } catch {
    dropCopy(draftUrl);
  }
  return null;
}
