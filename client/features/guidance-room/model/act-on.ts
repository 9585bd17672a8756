import type { Opened } from '../job-context.tsx';
import type { JobHand } from './job-hand.ts';
import type { Need } from './tasks.ts';

/** One press: does what is missing, or opens the sheet in which it is done. Null: it takes more than a press. */
export function actOn(need: Need, hand: JobHand, open: (what: Opened) => void): (() => void) | null {
  switch (need.kind) {
    case 'press':
      return () => void hand.act(need.act);
    case 'approve':
      return () => void hand.act({ type: 'approved' });
    case 'scan':
      return () => open({ kind: 'scan', thing: need.thing });
    case 'photo':
    case 'second':
    case 'skill': {
      const { kind, gate } = need;
      return () => open({ kind, gate: gate.id });
    }
    case 'align':
      return () => open({ kind: 'align' });
    case 'fill':
    case 'readOff':
    case 'tool':
    case 'wait':
      return null;
  }
}
