import { ColorSwatch, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { MATERIAL_PRESETS, type Material, type Part } from '#protocol/design/index';
import { later } from '../../../ui/index.ts';
import { useRefusal } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { usePartActions } from '../use-part-actions.ts';
import css from './inspector.module.css';
import { ballStyle, PRESET_COLORS, WORKSHOP_COLORS, type WorkshopColor } from './material-swatch.ts';

const ColorField = later(
  async () => (await import('./color-field.tsx')).ColorField,
  <div className={css['colorField']} />,
);

/** What the chosen parts are made of: presets as lit balls, and the colour that tints them. */
export function MaterialSection({ parts }: { parts: readonly Part[] }) {
  const t = roomStrings.useText();
  const actions = usePartActions();
  const ids = parts.map(({ id }) => id);
  const refused = useRefusal()('part.setMaterial', ids)?.message ?? null;
  const [draft, setDraft] = useState<string | null>(null);
  const first = parts[0]!.material;
  const preset = parts.every(({ material }) => material.preset === first.preset) ? first.preset : null;
  const color = parts.every(({ material }) => material.color === first.color) ? first.color : null;
  const presets = MATERIAL_PRESETS.filter(
    (name) => name !== 'original' || parts.every(({ shape }) => shape?.kind === 'asset'),
  );
  const set = (change: Partial<Material>) => {
    const wanted = { preset: preset ?? first.preset, color: color ?? first.color, ...change };
    actions.setMaterial(ids, wanted);
  };
  const setColor = (value: string) => {
    setDraft(null);
    const wanted = value.toLowerCase();
    if (/^#[0-9a-f]{6}$/.test(wanted) && wanted !== color)
      set({ color: wanted, ...(preset === 'original' ? { preset: 'paint' } : {}) });
  };
  return (
    <section className={css['section']} aria-label={t('material')}>
      <div className={css['head']}>
        <h2 className={css['title']}>{t('material')}</h2>
      </div>
      <div role="radiogroup" aria-label={t('material')} className={css['presets']}>
        {presets.map((name) => (
          <button
            key={name}
            type="button"
            role="radio"
            aria-checked={preset === name}
            className={css['preset']}
            disabled={refused !== null}
            title={refused ?? undefined}
            onClick={() => set({ preset: name, color: PRESET_COLORS[name] ?? color ?? first.color })}
          >
            <span className={css['ball']} style={ballStyle(name, PRESET_COLORS[name] ?? color ?? first.color)} />
            {t(`material_${name}`)}
          </button>
        ))}
      </div>
      {preset !== 'original' && (
        <>
          <div className={css['colors']} role="group" aria-label={t('colours')}>
            {(Object.entries(WORKSHOP_COLORS) as [WorkshopColor, string][]).map(([name, value]) => (
              <UnstyledButton
                key={value}
                aria-label={t(`colour_${name}`)}
                title={t(`colour_${name}`)}
                aria-pressed={color === value}
                disabled={refused !== null}
                onClick={() => setColor(value)}
              >
                <ColorSwatch color={value} size={22} radius={5}>
                  {color === value && <IconCheck size={14} color={isBright(value) ? '#161a20' : '#fff'} />}
                </ColorSwatch>
              </UnstyledButton>
            ))}
          </div>
          <ColorField
            aria-label={t('colour')}
            placeholder={t('differs')}
            eyeDropperButtonProps={{ 'aria-label': t('eyeDropper'), size: 'sm' }}
            disabled={refused !== null}
            value={draft ?? color ?? ''}
            onChange={setDraft}
            onChangeEnd={setColor}
            onBlur={() => draft !== null && setColor(draft)}
            onKeyDown={(event) => {
              event.stopPropagation();
              if (event.key === 'Enter' && draft !== null) setColor(draft);
            }}
          />
        </>
      )}
    </section>
  );
}

/** Rec. 709 luma of an sRGB colour, enough to choose black or white for a tick. */
const isBright = (hex: string): boolean => {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! > 150;
};
