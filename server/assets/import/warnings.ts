/** Remarks on a file that was imported all the same. */
import type { Fact } from '#protocol/errors';
import type { ImportWarning } from '#protocol/assets/import-status';

const WARNINGS = {
  unit_assumed:
    'The file does not say its unit of length; an assumption was made. Choose another unit if the size is wrong.',
  up_axis_assumed: 'The file does not say which axis is up; Z was assumed, as CAD programs write it.',
  structure_from_geometry: 'The product structure could not be read, so repeated parts were found by their shape.',
  animations_dropped: 'Animations are not kept.',
  skins_dropped: 'Skins are not kept: the model is shown in its rest pose.',
  materials_not_opened: 'Materials in another file were not opened; the parts have neutral colours.',
  no_colours: 'The file has no colours; the parts have neutral ones.',
} as const;

export function warning(key: keyof typeof WARNINGS, facts: Record<string, Fact> = {}): ImportWarning {
  return { key, facts: structuredClone(facts) as ImportWarning['facts'], message: WARNINGS[key] };
}
