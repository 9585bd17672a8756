import type { Procedure } from '../procedures/procedure.ts';
import { gearboxBench } from './gearbox-bench/gearbox-bench.ts';
import { lockoutStation } from './lockout/lockout-station.ts';
import type { EquipmentModel } from './model.ts';
import { pumpSkid } from './pump-skid/pump-skid.ts';
import { fits } from './report.ts';

/** All machines that a hall can simulate: a new one is one line here. */
export const EQUIPMENT: readonly EquipmentModel[] = [pumpSkid, lockoutStation, gearboxBench];

export const equipmentById = (id: string): EquipmentModel | null =>
  EQUIPMENT.find(({ about }) => about.id === id) ?? null;

/** The machine that has every instrument and control the procedure talks about, or null: then there is nothing to simulate. */
export const equipmentFor = (procedure: Procedure): EquipmentModel | null =>
  EQUIPMENT.find(({ about }) => fits(about, procedure)) ?? null;
