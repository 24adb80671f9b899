// A copy of what was typed, kept in this browser only while the server could not take it.
import { now } from './clock.js';

const DAYS = 7;
const RELOAD = 60; // seconds in which a page of the same tab takes up what the one before was sending
const name = (draftUrl) => `zhiping.draft:${draftUrl}`;
const sendingName = (draftUrl) => `zhiping.sending:${draftUrl}`;

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

/** The save {key, values, token} that is under way while its page goes; it belongs to this tab alone. */
export function keepSending(draftUrl, sending) {
  try {
    sessionStorage.setItem(sendingName(draftUrl), JSON.stringify({ sending, kept: Date.now() }));
  } catch {
    // storage is full or switched off: the next page asks anew
  }
}

/** What `keepSending` kept a moment ago, or null; it is given once. */
export function takeSending(draftUrl) {
  try {
    const { sending, kept } = JSON.parse(sessionStorage.getItem(sendingName(draftUrl)));
    sessionStorage.removeItem(sendingName(draftUrl));
    return Date.now() - kept < RELOAD * 1000 ? sending : null;
  } catch {
    return null; // nothing was kept
  }
}
