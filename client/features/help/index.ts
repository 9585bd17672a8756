/** Help from far away, for the engineer's room. The marks themselves: `marks-layer.ts`, beside Babylon. */
export { HelpStrip } from './help-strip.tsx';
export { helpIn, marksOf } from './help-in.ts';
