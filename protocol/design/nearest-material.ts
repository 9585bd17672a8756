import { MATERIAL_PRESETS, type Material } from './part.ts';

/**
 * CAD files colour parts the way their material looks, and say nothing else about it. These are the looks of the
 * presets; a colour close to one becomes that preset, anything else is paint. The colour itself is always kept.
 */
const LOOKS: readonly { preset: (typeof MATERIAL_PRESETS)[number]; rgb: readonly [number, number, number] }[] = [
  { preset: 'steel', rgb: [0x80, 0x84, 0x88] },
  { preset: 'steel', rgb: [0x5a, 0x5f, 0x66] },
  { preset: 'aluminium', rgb: [0xb8, 0xbe, 0xc6] },
  { preset: 'aluminium', rgb: [0xd6, 0xd9, 0xdc] },
  { preset: 'brass', rgb: [0xc9, 0xa2, 0x4a] },
  { preset: 'brass', rgb: [0xb5, 0x8b, 0x3c] },
  { preset: 'rubber', rgb: [0x1c, 0x1c, 0x1e] },
  { preset: 'plastic', rgb: [0xf4, 0xf4, 0xf2] },
];
/** Distance in sRGB (0 to 441) up to which a colour still looks like the preset. */
const CLOSE = 34;

/** `color`: sRGB `#rrggbb`. */
export function nearestMaterial(color: string): Material {
  const rgb = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as [number, number, number];
  let best: Material['preset'] = 'paint';
  let bestDistance = CLOSE;
  for (const look of LOOKS) {
    const distance = Math.hypot(rgb[0] - look.rgb[0], rgb[1] - look.rgb[1], rgb[2] - look.rgb[2]);
    if (distance >= bestDistance) continue;
    best = look.preset;
    bestDistance = distance;
  }
  return { preset: best, color };
}
