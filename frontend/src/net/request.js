// Requests of the islands: JSON in and out, with the page's CSRF token; no answer is thrown away.

/** The page's CSRF token, from `<meta name="csrf-token">`. */
export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? '';

/** A UUID; `crypto.randomUUID` is missing on plain-http addresses of a local network. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A session that ended answers 401, or redirects to a page that is not JSON. */
const statusOf = (response) => (response.redirected && response.ok ? 401 : response.status);

/** {status, body}; status 0 means the network did not answer, body is {} where the answer was no JSON. */
async function sendJson(method, url, payload, headers) {
  try {
    const response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': csrfToken(), ...headers },
      body: JSON.stringify(payload),
    });
    return { status: statusOf(response), body: parseJson(await response.text()) };
  } catch {
    return { status: 0, body: {} };
  }
}

export const postJson = (url, payload, headers = {}) => sendJson('POST', url, payload, headers);

export const putJson = (url, payload, headers = {}) => sendJson('PUT', url, payload, headers);

export async function getJson(url) {
  try {
    const response = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    return { status: statusOf(response), body: parseJson(await response.text()) };
  } catch {
    return { status: 0, body: {} };
  }
}

/**
 * Sends one file as multipart `file` (+ `fields`); `onProgress` gets 0…1. Same answer as postJson.
 * Without an answer it is sent once more under the same key, so that it arrives once.
 */
export async function postFile(url, file, fields, onProgress) {
  const key = newId();
  const first = await sendFile(url, file, fields, onProgress, key);
  return first.status === 0 ? sendFile(url, file, fields, onProgress, key) : first;
}

function sendFile(url, file, fields, onProgress, key) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append('file', file);
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const request = new XMLHttpRequest(); // fetch cannot report how much was sent
    request.open('POST', url);
    request.setRequestHeader('X-CSRFToken', csrfToken());
    request.setRequestHeader('X-Request-Key', key);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    request.onload = () => resolve({ status: request.status, body: parseJson(request.responseText) });
    request.onerror = () => resolve({ status: 0, body: {} });
    request.send(body);
  });
}
