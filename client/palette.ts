/**
 * Twelve participant colours that stay apart for people with red-green and blue-yellow colour blindness, on light and
 * dark grounds. `Participant.color` is an index into this list. Starts from Okabe and Ito's eight, spread in lightness.
 */
export const PARTICIPANT_COLORS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#7b4ea3',
  '#8c6d31',
  '#00a3a3',
  '#b2456e',
  '#6b8e23',
  '#5b6b82',
] as const;

/** The one signal colour: "you" and the next action. */
export const ACCENT = '#e8590c';
