export type Theme = 'light' | 'dark';

/** Colours of the 3D view, sRGB hex, and how bright the hall is. No pure white, no pure black. */
export interface ThemeColors {
  readonly horizon: string;
  readonly sky: string;
  readonly floor: string;
  readonly grid: string;
  readonly gridStrength: number;
  readonly shadowStrength: number;
  readonly ink: string;
  readonly paper: string;
  readonly rule: string;
  readonly environment: number;
  readonly key: number;
  /** Feature edges are the part's colour times this. */
  readonly edge: number;
}

export const THEMES: Record<Theme, ThemeColors> = {
  light: {
    horizon: '#e4e8ec',
    sky: '#f1f3f5',
    floor: '#dfe3e8',
    grid: '#5f6b78',
    gridStrength: 0.42,
    shadowStrength: 0.62,
    ink: '#1f2933',
    paper: '#fbfcfd',
    rule: '#c6ccd4',
    environment: 0.95,
    key: 1.5,
    edge: 0.3,
  },
  dark: {
    horizon: '#1b2026',
    sky: '#23292f',
    floor: '#20262c',
    grid: '#93a0ad',
    gridStrength: 0.3,
    shadowStrength: 0.72,
    ink: '#e6eaee',
    paper: '#242a31',
    rule: '#3d4650',
    environment: 0.62,
    key: 1.15,
    edge: 0.22,
  },
};
