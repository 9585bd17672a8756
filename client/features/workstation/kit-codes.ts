import type { JobRow, KitItem } from '#protocol/guidance/index';
import type { PartCode } from '#protocol/guidance/index';

/** The piece that lies in the kit of this job for a place: its number, or its lot, says for which product it was laid out. */
export function codeOf({ plan, serial }: Pick<JobRow, 'plan' | 'serial'>, thing: string): PartCode | null {
  const item = plan.kit.find((one) => one.thing === thing);
  return item ? codeOfItem(item, serial) : null;
}

export function codeOfItem(item: KitItem, product: string): PartCode {
  const mark = `${item.thing}-${product}`.toUpperCase().slice(0, 80);
  return {
    part: item.part,
    serial: item.traced === 'serial' ? mark : null,
    lot: item.traced === 'lot' ? mark : null,
  };
}

/** As a label printer writes it; `readPartCode` reads it back. */
export const labelOf = ({ part, serial, lot }: PartCode): string =>
  [part, ...(serial === null ? [] : [`S:${serial}`]), ...(lot === null ? [] : [`L:${lot}`])].join(';');

/** What a mistake in the store brings: another size of the same thing. */
export const wrongPart = (code: PartCode): PartCode => ({ ...code, part: `${code.part}-X`.slice(0, 80) });
