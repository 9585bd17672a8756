import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconArrowRight, IconCircleCheck, IconTool } from '@tabler/icons-react';
import type { CheckFinding } from '#protocol/procedures/index';
import { currentLanguage } from '../../../ui/index.ts';
import { CHECK_ZH } from '../check.zh.ts';
import { useEditor } from '../editor-context.tsx';
import { fieldOf } from '../model/check-field.ts';
import { numbers } from '../model/diff-words.ts';
import { placeOf } from '../model/finding-place.ts';
import { canMend, mend } from '../model/mend.ts';
import { procedureStrings, type ProcedureWords } from '../strings.ts';
import css from './steps-view.module.css';

/** In the language of the page; the check itself speaks English. */
function wordsOf(finding: CheckFinding, t: ProcedureWords): readonly [string, string] {
  const { key, message, next, facts } = finding;
  const count = Number(facts['count'] ?? 0);
  if (key === 'missing_translation' && count > 1) {
    const names = new Intl.DisplayNames([currentLanguage()], { type: 'language' });
    return [t('untranslated', { count, language: names.of(String(facts['language'])) ?? '' }), t('untranslatedNext')];
  }
  return currentLanguage() === 'zh' ? CHECK_ZH[key] : [message, next];
}

/** What a careful colleague would say, live: where it is, and mended by one press where that is plain. */
export function ProblemsPanel({ onGo }: { onGo: () => void }) {
  const t = procedureStrings.useText();
  const { procedure, findings, say, go, edit, mayEdit } = useEditor();
  const counted = numbers(procedure);
  const steps = [...procedure.chapters, ...procedure.subchapters].flatMap((chapter) => chapter.steps);
  // What only follows from something else stands behind its cause, and goes away with it.
  const rank = ({ severity, facts }: CheckFinding) => (facts['more'] !== undefined ? 2 : severity === 'error' ? 0 : 1);
  const sorted = findings.toSorted((a, b) => rank(a) - rank(b));
  const whereOf = (finding: CheckFinding): string => {
    const step = steps.find(({ id }) => id === finding.where.step);
    if (step) return t('stepNamed', { n: counted.get(step.id) ?? 0, title: say.text(step.title) || t('untitledStep') });
    const { view } = placeOf(procedure, finding);
    return view === 'workplace' ? t('viewWorkplace') : view === 'judging' ? t('viewJudging') : t('diffWhole');
  };
  if (findings.length === 0)
    return (
      <Group gap="xs" role="status">
        <IconCircleCheck size={20} color="var(--wh-done)" aria-hidden />
        <Text size="sm">{t('noProblems')}</Text>
      </Group>
    );
  return (
    <div role="region" aria-label={t('problems')}>
      <span className="wh-spoken" role="status">
        {t('problemCount', { count: findings.length })}
      </span>
      {sorted.map((finding, at) => {
        const [message, next] = wordsOf(finding, t);
        const field = fieldOf(finding.where.path);
        return (
          <div
            key={`${finding.key}.${finding.where.step ?? ''}.${finding.where.path ?? ''}.${at}`}
            className={css['problem']}
            data-severity={finding.severity}
          >
            <Text size="sm" fw={560} style={{ display: 'flex', gap: 6 }}>
              <IconAlertTriangle
                size={16}
                style={{ flex: 'none', marginTop: 3 }}
                color={finding.severity === 'error' ? 'var(--wh-stop)' : 'var(--wh-attention)'}
                role="img"
                aria-label={t(`severity_${finding.severity}`)}
              />
              {message}
            </Text>
            <Text size="xs" c="dimmed" mt={2}>
              {whereOf(finding)}
              {field !== null && ` · ${t(field)}`}
              {Number(finding.facts['more'] ?? 0) > 0 &&
                ` ${t('problemMore', { count: Number(finding.facts['more']) })}`}
            </Text>
            <Text size="xs" mt={2}>
              {next}
            </Text>
            <Group gap="xs" mt={6}>
              <Button
                size="compact-xs"
                variant="default"
                rightSection={<IconArrowRight size={14} aria-hidden />}
                onClick={() => {
                  go(placeOf(procedure, finding));
                  onGo();
                }}
              >
                {t('goThere')}
              </Button>
              {mayEdit && canMend(procedure, finding) && (
                <Button
                  size="compact-xs"
                  variant="default"
                  leftSection={<IconTool size={14} aria-hidden />}
                  onClick={() => edit((now) => mend(now, finding) ?? now)}
                >
                  {t('mend')}
                </Button>
              )}
            </Group>
          </div>
        );
      })}
    </div>
  );
}
