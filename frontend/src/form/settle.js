// The viewer takes typed text over a moment later; before anything is read, that moment must have passed.
export const TYPING_DELAY = 150;

export async function settle() {
  document.activeElement?.blur?.();
  await new Promise((resolve) => setTimeout(resolve, TYPING_DELAY + 50));
}
