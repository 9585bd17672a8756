import { z } from 'zod';

/** Ids inside a procedure are made by its author's tool; they stay the same over versions, so that a diff can tell. */
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id has 1-64 letters, digits, _ or -');

export const ProcedureId = id.brand<'ProcedureId'>();
export const ChapterId = id.brand<'ChapterId'>();
export const StepId = id.brand<'StepId'>();
export const ThingId = id.brand<'ThingId'>();
export const PlaceId = id.brand<'PlaceId'>();
export const ToolId = id.brand<'ToolId'>();
export const SensorId = id.brand<'SensorId'>();
export const ControlId = id.brand<'ControlId'>();
export const RoleId = id.brand<'RoleId'>();
export const StationId = id.brand<'StationId'>();
export const MediaId = id.brand<'MediaId'>();
export const VariableId = id.brand<'VariableId'>();
export const FaultId = id.brand<'FaultId'>();
export const SafetyRuleId = id.brand<'SafetyRuleId'>();
/** A name within one step or one question: a choice, an item to check, a spoken command. */
export const LocalId = id;

export type ProcedureId = z.infer<typeof ProcedureId>;
export type ChapterId = z.infer<typeof ChapterId>;
export type StepId = z.infer<typeof StepId>;
export type ThingId = z.infer<typeof ThingId>;
export type PlaceId = z.infer<typeof PlaceId>;
export type ToolId = z.infer<typeof ToolId>;
export type SensorId = z.infer<typeof SensorId>;
export type ControlId = z.infer<typeof ControlId>;
export type RoleId = z.infer<typeof RoleId>;
export type StationId = z.infer<typeof StationId>;
export type MediaId = z.infer<typeof MediaId>;
export type VariableId = z.infer<typeof VariableId>;
export type FaultId = z.infer<typeof FaultId>;
export type SafetyRuleId = z.infer<typeof SafetyRuleId>;
