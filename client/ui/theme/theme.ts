import {
  createTheme,
  defaultVariantColorsResolver,
  localStorageColorSchemeManager,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';
import { shared } from '../strings/strings.ts';

/** Cool graphite. Light mode reads it as `gray`. */
const graphite: MantineColorsTuple = [
  '#f7f8fa',
  '#eef0f3',
  '#e1e5ea',
  '#ccd3db',
  '#a4aebb',
  '#76818f',
  '#56616f',
  '#3f4854',
  '#2a313a',
  '#1b2027',
];

/** Dark mode in Mantine's order: 0 text, 2 dimmed, 4 borders, 5 hover, 6 fields and cards, 7 ground. */
const night: MantineColorsTuple = [
  '#e4e8ed',
  '#c5ccd5',
  '#9ca7b4',
  '#737e8c',
  '#363f4a',
  '#2a323b',
  '#1f262e',
  '#171c22',
  '#11151a',
  '#0b0e12',
];

/**
 * Machinist's orange. 6 is the signal itself (marks, rings, logo); 7 carries white text at 4.6:1; 8 is text on a light
 * ground (5.5:1), 4 text on a dark one (8:1).
 */
const signal: MantineColorsTuple = [
  '#fff3ec',
  '#ffe4d5',
  '#fdc6a8',
  '#fba579',
  '#fb8a52',
  '#f2702f',
  '#e8590c',
  '#cb4a07',
  '#b54206',
  '#8f3407',
];

/** Five sizes, px: labels 12, tables and buttons 14, reading 16, section titles 20, page titles 28. */
export const TYPE_SIZES_PX = { xs: 12, sm: 14, md: 16, lg: 20, xl: 28 } as const;

const SANS = "'Inter Variable', 'Noto Sans SC Variable', 'PingFang SC', 'Microsoft YaHei', system-ui, sans-serif";
const MONO = "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Consolas, monospace";

export const theme = createTheme({
  colors: { gray: graphite, dark: night, signal },
  primaryColor: 'signal',
  primaryShade: { light: 7, dark: 7 },
  white: '#ffffff',
  black: '#161a20',
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '1rem', lg: '1.25rem', xl: '1.75rem' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.55', lg: '1.4', xl: '1.25' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2.5rem' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  headings: {
    fontFamily: SANS,
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
      h5: { fontSize: '0.875rem', lineHeight: '1.4' },
      h6: { fontSize: '0.75rem', lineHeight: '1.4' },
    },
  },
  shadows: {
    xs: '0 1px 2px rgb(18 24 32 / 6%)',
    sm: '0 1px 3px rgb(18 24 32 / 8%), 0 2px 8px rgb(18 24 32 / 4%)',
    md: '0 2px 6px rgb(18 24 32 / 8%), 0 8px 24px rgb(18 24 32 / 8%)',
    lg: '0 4px 12px rgb(18 24 32 / 10%), 0 16px 48px rgb(18 24 32 / 14%)',
  },
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { root: { fontWeight: 560 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } },
    // The cross of dialogs, drawers and notices says in the person's language what it does.
    CloseButton: { defaultProps: () => ({ 'aria-label': shared.text('close') }) },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, multiline: true, maw: 280 } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.4, blur: 1 },
        // Mantine writes <header>, which would be a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontWeight: 620 } },
    },
    Title: { defaultProps: { textWrap: 'balance' } },
    Anchor: { defaultProps: { underline: 'hover' } },
    Loader: { defaultProps: { type: 'dots', color: 'gray' } },
    Badge: { styles: { root: { textTransform: 'none', fontWeight: 560, letterSpacing: 0 } } },
    Progress: { defaultProps: { radius: 'xl', size: 'md' } },
  },
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    // Quiet orange text has to stay readable: shade 8 on light grounds, 4 on dark ones (see `--wh-accent-text`).
    const isSignal = (input.color ?? input.theme.primaryColor) === 'signal';
    const isQuiet = ['subtle', 'light', 'outline', 'transparent'].includes(input.variant);
    return isSignal && isQuiet ? { ...colors, color: 'var(--wh-accent-text)' } : colors;
  },
});

/** Names for what a colour means; panels and pages use these and no hex values. */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {
    '--wh-accent': colors['signal']?.[6] ?? '',
    '--wh-shadow-picture': 'inset 0 0 0 1px rgb(18 24 32 / 6%)',
  },
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': graphite[6],
    '--mantine-color-placeholder': '#6b7684',
    '--mantine-color-default-border': graphite[3],
    '--mantine-color-anchor': colors['signal']?.[8] ?? '',
    '--wh-ground': '#f3f5f7',
    '--wh-surface': '#ffffff',
    '--wh-surface-sunken': '#e9edf1',
    '--wh-line': graphite[2],
    '--wh-line-strong': graphite[3],
    '--wh-text': '#161a20',
    '--wh-text-quiet': graphite[6],
    '--wh-accent-text': colors['signal']?.[8] ?? '',
    '--wh-accent-wash': '#fff3ec',
    '--wh-done': '#1a7b3d',
    '--wh-done-wash': '#e6f4ea',
    '--wh-active': '#1864ab',
    '--wh-active-wash': '#e7f1fa',
    '--wh-attention': '#8a5a00',
    '--wh-attention-wash': '#fff4d9',
    '--wh-stop': '#c22a2a',
    '--wh-stop-wash': '#fdecec',
    '--wh-sheet': '#e6eaef',
    '--wh-sheet-line': '#d3dae2',
    '--wh-sheet-ink': '#8592a1',
  },
  dark: {
    '--mantine-color-body': night[7],
    '--mantine-color-dimmed': night[2],
    '--mantine-color-placeholder': '#8995a3',
    '--mantine-color-anchor': colors['signal']?.[4] ?? '',
    '--wh-ground': night[8],
    '--wh-surface': night[7],
    '--wh-surface-sunken': '#0d1115',
    '--wh-line': '#262d36',
    '--wh-line-strong': night[4],
    '--wh-text': night[0],
    '--wh-text-quiet': night[2],
    '--wh-accent-text': colors['signal']?.[4] ?? '',
    '--wh-accent-wash': '#2d1c12',
    '--wh-done': '#5dcb84',
    '--wh-done-wash': '#12291b',
    '--wh-active': '#6cb4f5',
    '--wh-active-wash': '#11243a',
    '--wh-attention': '#f0b849',
    '--wh-attention-wash': '#2e2410',
    '--wh-stop': '#ff8480',
    '--wh-stop-wash': '#331719',
    '--wh-sheet': '#1c232b',
    '--wh-sheet-line': '#262f39',
    '--wh-sheet-ink': '#586575',
  },
});

/** Stored choice, else the system's. The same key is read in public/first-paint.js. */
export const colorSchemes = localStorageColorSchemeManager({ key: 'workhall.theme' });
