import {
  ControlId,
  MediaId,
  PlaceId,
  RoleId,
  SensorId,
  ThingId,
  ToolId,
  VariableId,
  type Behaviour,
  type Condition,
  type Procedure,
} from '#protocol/procedures/index';
import { IDENTITY_POSE } from '#protocol/spatial/index';

/** What the palette offers, most wanted first, grouped as people look for it. */
export const CONDITION_GROUPS = {
  parts: ['placed', 'mounted', 'grabbed', 'released', 'touched', 'used'],
  tools: ['toolUsed', 'value', 'control'],
  people: ['confirmed', 'checklist', 'answered', 'number', 'worn', 'approved', 'spoken', 'dwell', 'gaze'],
  logic: ['timeout', 'variable', 'all', 'any', 'atLeast', 'not'],
} as const;
export const BEHAVIOUR_GROUPS = {
  show: ['highlight', 'arrow', 'ghostMotion', 'text', 'speech'],
  media: ['picture', 'video', 'audio'],
  change: ['setEnabled', 'animateJoint', 'setVariable', 'hazard', 'score'],
} as const;
export type ConditionKind = (typeof CONDITION_GROUPS)[keyof typeof CONDITION_GROUPS][number];
export type BehaviourKind = (typeof BEHAVIOUR_GROUPS)[keyof typeof BEHAVIOUR_GROUPS][number];

/** Refers to nothing yet: the check asks to choose, and the picker stands empty. */
export const UNCHOSEN = 'not-chosen';

const first = (list: readonly { readonly id: string }[]): string => list[0]?.id ?? UNCHOSEN;

export function newCondition(kind: ConditionKind, { workplace, variables }: Procedure): Condition {
  const thing = ThingId.parse(first(workplace.things.filter(({ isFixed }) => !isFixed)));
  const range = (sensor = workplace.sensors[0]) => ({
    minimum: sensor?.minimum ?? 0,
    maximum: sensor?.maximum ?? 1,
    unit: sensor?.unit ?? ('1' as const),
  });
  switch (kind) {
    case 'placed':
      return {
        kind,
        thing,
        frame: null,
        reference: { kind: 'room' },
        target: IDENTITY_POSE,
        toleranceM: 0.005,
        toleranceRad: 0.0873,
        symmetry: null,
      };
    case 'mounted':
      return { kind, things: [thing], isOrdered: false };
    case 'grabbed':
    case 'released':
    case 'touched':
    case 'used':
      return { kind, thing };
    case 'toolUsed': {
      const [tool] = workplace.tools;
      return {
        kind,
        thing,
        tool: ToolId.parse(tool?.id ?? UNCHOSEN),
        result: tool?.unit ? { minimum: 0, maximum: 1, unit: tool.unit } : null,
      };
    }
    case 'value':
      return { kind, sensor: SensorId.parse(first(workplace.sensors)), range: range(), holdMs: 0 };
    case 'control': {
      const [control] = workplace.controls;
      const setting = control?.setting;
      return {
        kind,
        control: ControlId.parse(control?.id ?? UNCHOSEN),
        setting:
          setting?.kind === 'number'
            ? { kind: 'number', range: { minimum: setting.minimum, maximum: setting.maximum, unit: setting.unit } }
            : { kind: 'positions', positions: setting?.positions.slice(0, 1) ?? [] },
        holdMs: 0,
      };
    }
    case 'confirmed':
      return { kind };
    case 'checklist':
      return { kind, items: [{ id: 'item-1', text: {} }] };
    case 'answered':
      return {
        kind,
        question: {},
        answer: {
          kind: 'single',
          choices: [
            { id: 'choice-1', text: {} },
            { id: 'choice-2', text: {} },
          ],
          correct: 'choice-1',
        },
        isWrongAccepted: false,
      };
    case 'number':
      return {
        kind,
        variable: VariableId.parse(first(variables)),
        range: { minimum: 0, maximum: 1, unit: variables[0]?.unit ?? '1' },
      };
    case 'worn': {
      const wear = workplace.things.filter((one) => one.kind === 'protection');
      return { kind, things: [ThingId.parse(first(wear))] };
    }
    case 'approved':
      return { kind, role: RoleId.parse(first(workplace.roles)) };
    case 'spoken':
      return { kind, command: 'next', phrases: {} };
    case 'dwell':
      return { kind, place: PlaceId.parse(first(workplace.places)), durationMs: 3000 };
    case 'gaze':
      return { kind, thing, durationMs: 2000 };
    case 'timeout':
      return { kind, afterMs: 10_000 };
    case 'variable':
      return {
        kind,
        variable: VariableId.parse(first(variables)),
        is: { kind: 'equal', value: variables[0]?.initial ?? 0 },
      };
    case 'all':
    case 'any':
      return { kind, of: [{ kind: 'confirmed' }] };
    case 'atLeast':
      return { kind, count: 1, of: [{ kind: 'confirmed' }] };
    case 'not':
      return { kind, of: { kind: 'grabbed', thing } };
  }
}

export function newBehaviour(kind: BehaviourKind, { workplace, variables }: Procedure): Behaviour {
  const every = { stage: 'enter', isBlocking: false, durationMs: 0, modes: null } as const;
  const thing = ThingId.parse(first(workplace.things));
  const target = { kind: 'thing', thing, frame: null } as const;
  const media = (wanted: string) => MediaId.parse(first(workplace.media.filter((one) => one.kind === wanted)));
  switch (kind) {
    case 'highlight':
      return { ...every, kind, targets: [target] };
    case 'arrow':
      return { ...every, kind, target };
    case 'ghostMotion':
      return {
        ...every,
        kind,
        thing,
        durationMs: 2000,
        motion: {
          kind: 'computed',
          frames: [
            { atMs: 0, poseInRoom: { ...IDENTITY_POSE, position: [0, 0.15, 0] } },
            { atMs: 2000, poseInRoom: IDENTITY_POSE },
          ],
        },
      };
    case 'text':
      return { ...every, kind, text: {}, at: null };
    case 'speech':
      return { ...every, kind, text: {} };
    case 'picture':
    case 'video':
      return { ...every, kind, media: media(kind), at: null };
    case 'audio':
      return { ...every, kind, media: media(kind) };
    case 'setEnabled':
      return { ...every, kind, targets: [target], isEnabled: true };
    case 'animateJoint':
      return { ...every, kind, control: ControlId.parse(first(workplace.controls)), to: 0, durationMs: 1000 };
    case 'setVariable':
      return {
        ...every,
        kind,
        variable: VariableId.parse(first(variables)),
        value: variables[0]?.initial ?? 0,
        isAdded: false,
      };
    case 'hazard':
      return { ...every, kind, hazard: 'hazard', text: {}, at: null };
    case 'score':
      return { ...every, kind, points: -10, reason: {} };
  }
}
