import type { Area } from './figures.ts';
import { conditions, detectors } from './guidance/alignment.figures.ts';
import { call } from './guidance/call.figures.ts';
import { gates } from './guidance/gates.figures.ts';
import { resync } from './guidance/resync.figures.ts';

/** What guidance on the real product costs, and how well its overlay sits. */
const guidance: Area = { name: 'guidance', parts: [detectors, conditions, gates, call, resync] };
export default guidance;
