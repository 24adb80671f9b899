// A person's share of chance in an expert draw: made here, kept here, committed to by its hash, shown when all have
// committed. docs/draws.md says what is hashed.
const HEX = 2;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(HEX, '0')).join('');

async function commitment(digest, party, share) {
  const text = new TextEncoder().encode(`${digest}:${party}:${share}`);
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', text)));
}

function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage may be switched off: then the person copies his share down
  }
}

function keep(key, share) {
  try {
    localStorage.setItem(key, share);
  } catch {
    // see above
  }
}

export async function startDraw() {
  const form = document.querySelector('[data-draw]');
  if (!form) return;
  const { digest, party } = form.dataset;
  const key = `draw ${digest} ${party}`;
  const shown = form.querySelector('[data-share]');
  if (form.dataset.draw === 'reveal') {
    shown.value ||= kept(key) ?? '';
    return;
  }
  const share = kept(key) ?? hex(crypto.getRandomValues(new Uint8Array(32)));
  keep(key, share);
  shown.value = share;
  form.querySelector('[data-commitment]').value = await commitment(digest, party, share);
}
