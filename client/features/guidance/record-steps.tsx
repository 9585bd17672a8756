import { Text, Title } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import type { ToldLine, ToldRecord } from '#protocol/guidance/index';
import { useQuantities } from '../../ui/index.ts';
import { Evidence } from './evidence.tsx';
import css from './guidance.module.css';
import { Section } from './section.tsx';
import { guidanceStrings } from './strings.ts';

type Step = ToldRecord['steps'][number];

/** Each step once, under its number in the procedure, with all that was tried in it. */
export function RecordSteps({ told: { steps, besides } }: { readonly told: ToldRecord }) {
  const t = guidanceStrings.useText();
  return (
    <Section id="steps" title={t('steps')} size="h3">
      <ol className={css['rows']}>
        {steps.map((step) => (
          <li key={step.step} className={css['step']}>
            <span className={css['number']}>{step.number}</span>
            <div className={css['grow']}>
              <Text fw={600}>{step.title}</Text>
              {step.attempts.map((attempt) => (
                <Attempt key={attempt.visit.n} title={step.title} attempt={attempt} />
              ))}
            </div>
          </li>
        ))}
      </ol>
      {besides.length > 0 && (
        <>
          <Title order={3} size="h4" mt="md" mb="xs">
            {t('besides')}
          </Title>
          <Lines lines={besides} />
        </>
      )}
    </Section>
  );
}

function Attempt({ title, attempt }: { readonly title: string; readonly attempt: Step['attempts'][number] }) {
  const t = guidanceStrings.useText();
  const { dateTime, duration } = useQuantities();
  const { visit, by, how, overlay, lines, pictures } = attempt;
  return (
    <div className={css['attempt']}>
      {attempt.attempt && <Text className={css['attemptName']}>{attempt.attempt}</Text>}
      <div className={css['facts']}>
        <span>{dateTime(visit.enteredAtMs)}</span>
        {visit.leftAtMs !== null && <span>{duration(visit.leftAtMs - visit.enteredAtMs)}</span>}
        {by && <span>{by}</span>}
        {how && <span>{how}</span>}
        <span>{t('revision', { n: visit.revision })}</span>
        {overlay && <span>{overlay}</span>}
      </div>
      <Lines lines={lines} />
      {pictures.length > 0 && (
        <div className={css['pictures']}>
          {pictures.map(({ n, cid, kind }) => (
            <Evidence key={n} cid={cid} kind={kind} step={title} />
          ))}
        </div>
      )}
    </div>
  );
}

/** Each with a mark and a word, for those who do not see the colour. */
function Lines({ lines }: { readonly lines: readonly ToldLine[] }) {
  if (lines.length === 0) return null;
  return (
    <ul className={css['lines']}>
      {lines.map(({ text, isGood }, at) => {
        const Mark = isGood === null ? IconMinus : isGood ? IconCheck : IconX;
        return (
          <li key={at} data-good={isGood ?? undefined}>
            <Mark size={16} stroke={2.4} aria-hidden />
            <span>{text}</span>
          </li>
        );
      })}
    </ul>
  );
}
