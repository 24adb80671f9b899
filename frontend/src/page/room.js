// The experts' room: how long a paper was visible is told to the server, which answers what was read and what was not.
import { csrfToken } from '../net/request.js';

const BEAT = 15; // seconds

export function startRoom() {
  const place = document.querySelector('[data-stay]');
  if (!place) return;
  let seconds = 0;
  const tell = () => {
    if (!seconds) return;
    const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': csrfToken() };
    // keepalive: the last seconds are told while the page goes away
    fetch(place.dataset.stay, { method: 'POST', keepalive: true, headers, body: JSON.stringify({ seconds }) }).catch(() => {});
    seconds = 0;
  };
  setInterval(() => {
    if (document.visibilityState === 'visible') seconds += 1;
    if (seconds >= BEAT) tell();
  }, 1000);
  addEventListener('pagehide', tell);
}
