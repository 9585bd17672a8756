const lineOf = (task: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-task="${CSS.escape(task)}"]`);

/** Brings a line into sight, with what is filled in below it; what is read above it moves no more than it has to. */
export const bringIntoSight = (task: string): void => void lineOf(task)?.scrollIntoView({ block: 'nearest' });

/** To where a line is filled in: the first field, box or choice that is still open, in sight and with the focus. */
export function leadTo(task: string): void {
  bringIntoSight(task);
  const line = lineOf(task);
  const fields = [...(line?.querySelectorAll<HTMLInputElement>('input') ?? [])];
  const open = fields.find(({ checked }) => !checked) ?? line?.querySelector<HTMLElement>('button');
  open?.focus();
}
