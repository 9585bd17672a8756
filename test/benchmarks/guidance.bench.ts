import type { Area } from './figures.ts';
import { conditions, detectors } from './guidance/alignment.figures.ts';

/** What guidance on the real product costs, and how well its overlay sits. */
const guidance: Area = { name: 'guidance', parts: [detectors, conditions] };
export default guidance;
