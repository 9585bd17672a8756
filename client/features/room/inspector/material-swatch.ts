import type { CSSProperties } from 'react';
import type { Material } from '#protocol/design/index';

type Preset = Material['preset'];

/** The colour a preset brings; paint, plastic and the file's own keep what is chosen. */
export const PRESET_COLORS: Partial<Record<Preset, string>> = {
  steel: '#8d949c',
  aluminium: '#b8bec6',
  brass: '#c9a24b',
  rubber: '#26282b',
  glass: '#cfe3ea',
};

/** Colours a workshop has on the shelf, by name: machine greys, signal colours by RAL, blueprint blue. */
export const WORKSHOP_COLORS = {
  white: '#f2f4f6',
  light_grey: '#b8bec6',
  grey: '#5b6470',
  black: '#26282b',
  red: '#c22a2a',
  orange: '#e8590c',
  yellow: '#e5b80b',
  green: '#2f7d4f',
  blue: '#1864ab',
  turquoise: '#2a9d9d',
  violet: '#6d4fa3',
  brown: '#8a6a3b',
} as const;
export type WorkshopColor = keyof typeof WORKSHOP_COLORS;

/** A lit ball for a preset: key light from the upper left, a bright hall around, ground at the bottom. */
export function ballStyle(preset: Preset, color: string): CSSProperties {
  const tint = (white: number) => `color-mix(in oklab, ${color}, white ${white}%)`;
  const shade = (black: number) => `color-mix(in oklab, ${color}, black ${black}%)`;
  switch (preset) {
    case 'steel':
    case 'aluminium':
    case 'brass':
      // Metals mirror the hall: a bright band of windows above a dark horizon.
      return {
        background: `radial-gradient(circle at 34% 26%, ${tint(90)} 0 6%, transparent 22%),
          linear-gradient(172deg, ${tint(62)} 0%, ${tint(35)} 30%, ${shade(8)} 46%, ${shade(58)} 54%, ${shade(22)} 70%, ${tint(22)} 100%)`,
      };
    case 'rubber':
      return { background: `radial-gradient(circle at 38% 30%, ${tint(24)} 0%, ${color} 48%, ${shade(55)} 100%)` };
    case 'plastic':
      return {
        background: `radial-gradient(circle at 34% 28%, ${tint(85)} 0 4%, transparent 18%),
          radial-gradient(circle at 38% 32%, ${tint(22)} 0%, ${color} 52%, ${shade(42)} 100%)`,
      };
    case 'paint':
      return {
        background: `radial-gradient(ellipse 26% 12% at 36% 24%, ${tint(92)} 0 40%, transparent 100%),
          radial-gradient(circle at 40% 34%, ${tint(12)} 0%, ${color} 46%, ${shade(52)} 96%)`,
      };
    case 'glass':
      return {
        background: `radial-gradient(circle at 34% 26%, white 0 5%, transparent 16%),
          radial-gradient(circle at 62% 74%, rgb(255 255 255 / 85%) 0%, transparent 34%),
          radial-gradient(circle at 50% 50%, color-mix(in oklab, ${color} 30%, transparent) 45%, ${shade(30)} 100%)`,
      };
    case 'original':
      return {
        background: 'conic-gradient(from 210deg, #8d949c 0 34%, #e8590c 34% 56%, #1864ab 56% 78%, #e5b80b 78%)',
      };
  }
}
