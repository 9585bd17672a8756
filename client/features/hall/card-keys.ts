import type { KeyboardEvent } from 'react';

const STEPS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
} as const;

/** Arrow keys go to the card that lies in that direction, whatever the number of columns. */
export function moveBetweenCards(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key as keyof typeof STEPS];
  const from = document.activeElement;
  if (!step || !(from instanceof HTMLElement) || from.dataset['card'] === undefined) return;
  const [dx, dy] = step;
  const start = centre(from);
  let best: { card: HTMLElement; cost: number } | null = null;
  for (const card of event.currentTarget.querySelectorAll<HTMLElement>('[data-card]')) {
    const { x, y } = centre(card);
    const along = (x - start.x) * dx + (y - start.y) * dy;
    const aside = Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx);
    if (along < 8) continue;
    const cost = along + 3 * aside;
    if (!best || cost < best.cost) best = { card, cost };
  }
  if (!best) return;
  event.preventDefault();
  best.card.focus();
}

function centre(card: HTMLElement): { x: number; y: number } {
  const box = (card.closest('article') ?? card).getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}
