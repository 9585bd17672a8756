import type { EquipmentModel } from '#protocol/equipment/index';

/** 3D models of the simulated machines, by their path below assets/: they are part of the program. */
const FILES = import.meta.glob<string>('../../../../assets/equipment/*.glb', {
  query: '?url',
  import: 'default',
  eager: true,
});

export function modelUrlOf({ about }: EquipmentModel): string | null {
  return about.model === null ? null : (FILES[`../../../../assets/${about.model}`] ?? null);
}
