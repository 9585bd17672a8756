import { Button, Checkbox, Group, Progress, ScrollArea, Select, Stack, Table, Text, Textarea } from '@mantine/core';
import { IconCheck, IconDownload, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { isOutdated, stepMap, stillRight, textKey, textsOf } from '#protocol/procedures/index';
import { saveCsv } from '../../../ui/index.ts';
import { languageName } from '../edit/text-fields.tsx';
import { useEditor } from '../editor-context.tsx';
import { fieldOf } from '../model/check-field.ts';
import { numbers } from '../model/diff-words.ts';
import { translate } from '../model/edits.ts';
import { atText } from '../model/finding-place.ts';
import { procedureStrings } from '../strings.ts';
import { useArrival } from '../use-arrival.ts';

/** What shops ask for; any other comes with an imported file. */
const OFFERED = ['en', 'zh', 'de', 'es', 'fr', 'it', 'ja', 'ko', 'nl', 'pl', 'pt', 'tr', 'vi'];
const SHOWN_AT_ONCE = 60;

/** All texts by language: what is missing is marked, and written in place. */
export default function LanguagesView() {
  const t = procedureStrings.useText();
  const { procedure, edit, mayEdit, say } = useEditor();
  const [isMissingOnly, setMissingOnly] = useState(false);
  const at = useArrival();
  const { languages } = procedure;
  const counted = numbers(procedure);
  const steps = stepMap(procedure);
  const all = [...textsOf(procedure)].filter(
    ({ text, isNeeded }) => isNeeded || Object.values(text).some((words) => words !== ''),
  );
  // What one came for may stand further down.
  const reachesTo = 1 + all.findIndex((one) => languages.some((language) => atText(textKey(one), language) === at));
  const [limit, setLimit] = useState(Math.max(SHOWN_AT_ONCE, reachesTo));
  const lacks = (text: Record<string, string>) => languages.some((language) => !text[language]?.trim());
  const isOld = (key: string) => languages.some((language) => isOutdated(procedure, key, language));
  const shown = isMissingOnly ? all.filter((one) => lacks(one.text) || isOld(textKey(one))) : all;
  const whereOf = (step: string | null, path: string) => {
    const found = step === null ? undefined : steps.get(step as never)?.step;
    const place = found
      ? t('stepNamed', { n: counted.get(found.id) ?? 0, title: say.text(found.title) })
      : t(pageOf(path));
    return `${place} · ${t(fieldOf(path) ?? 'aspect_safety')}`;
  };
  const csv = () => {
    const cell = (words: string) => `"${words.replaceAll('"', '""')}"`;
    const rows = [
      ['step', 'text', ...languages],
      ...all.map(({ step, path, text }) => [step ?? '', path, ...languages.map((language) => text[language] ?? '')]),
    ];
    // The mark at the beginning tells spreadsheets that it is UTF-8.
    saveCsv('texts.csv', `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`);
  };
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Group gap="lg">
          {languages.map((language) => {
            const done = all.filter(({ text }) => text[language]?.trim()).length;
            const old = all.filter((one) => isOutdated(procedure, textKey(one), language)).length;
            return (
              <div key={language} style={{ minWidth: 150 }}>
                <Text size="sm">
                  {languageName(language)} <span className="wh-figures">{t('doneOf', { done, all: all.length })}</span>
                </Text>
                <Progress
                  value={all.length === 0 ? 100 : (100 * done) / all.length}
                  size="sm"
                  color="gray"
                  aria-label={languageName(language)}
                />
                {old > 0 && (
                  <Text size="sm" c="var(--wh-attention)" mt={4}>
                    {t('outdatedCount', { count: old })}
                  </Text>
                )}
              </div>
            );
          })}
        </Group>
        <Group gap="xs" align="flex-end">
          {mayEdit && (
            <Select
              label={t('addLanguage')}
              placeholder={t('choose')}
              value={null}
              data={OFFERED.filter((one) => !languages.includes(one)).map((value) => ({
                value,
                label: languageName(value),
              }))}
              onChange={(language) => language && edit((one) => ({ ...one, languages: [...one.languages, language] }))}
            />
          )}
          <Button variant="default" leftSection={<IconDownload size={18} aria-hidden />} onClick={csv}>
            {t('exportTexts')}
          </Button>
        </Group>
      </Group>
      <Checkbox
        label={t('missingOnly')}
        checked={isMissingOnly}
        onChange={({ currentTarget: { checked } }) => setMissingOnly(checked)}
      />
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, 'aria-label': t('viewLanguages'), role: 'region' }}>
        <Table verticalSpacing="xs" miw={200 + 240 * languages.length}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={220}>{t('where')}</Table.Th>
              {languages.map((language) => (
                <Table.Th key={language}>{languageName(language)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.slice(0, limit).map(({ step, path, text }) => (
              <Table.Tr key={`${step ?? ''}/${path}`}>
                <Table.Td style={{ verticalAlign: 'top' }}>
                  <Text size="sm" c="dimmed">
                    {whereOf(step, path)}
                  </Text>
                </Table.Td>
                {languages.map((language) => (
                  <Table.Td
                    key={language}
                    data-at={atText(textKey({ step, path }), language)}
                    style={{ verticalAlign: 'top' }}
                  >
                    <Textarea
                      autosize
                      minRows={1}
                      lang={language}
                      aria-label={`${whereOf(step, path)} · ${languageName(language)}`}
                      placeholder={t('missing')}
                      value={text[language] ?? ''}
                      readOnly={!mayEdit}
                      styles={
                        text[language]?.trim() && !isOutdated(procedure, textKey({ step, path }), language)
                          ? {}
                          : { input: { borderColor: 'var(--wh-attention)', background: 'var(--wh-attention-wash)' } }
                      }
                      onChange={({ currentTarget: { value } }) =>
                        edit(
                          (one) => translate(one, { step, path }, language, value),
                          `text.${step ?? ''}.${path}.${language}`,
                        )
                      }
                    />
                    {isOutdated(procedure, textKey({ step, path }), language) && (
                      <Group gap={6} mt={4} justify="space-between">
                        <Text size="sm" c="var(--wh-attention)" style={{ display: 'flex', gap: 4 }}>
                          <IconHistory size={16} style={{ flex: 'none', marginTop: 2 }} aria-hidden />
                          {t('outdatedText', { language: languageName(languages[0]!) })}
                        </Text>
                        {mayEdit && (
                          <Button
                            size="compact-xs"
                            variant="default"
                            leftSection={<IconCheck size={14} aria-hidden />}
                            onClick={() => edit((one) => stillRight(one, textKey({ step, path }), language))}
                          >
                            {t('stillRight')}
                          </Button>
                        )}
                      </Group>
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {shown.length === 0 && <Text size="sm">{t('nothingMissing')}</Text>}
      {shown.length > limit && (
        <Button variant="default" onClick={() => setLimit(limit + SHOWN_AT_ONCE)}>
          {t('showMore', { count: shown.length - limit })}
        </Button>
      )}
    </Stack>
  );
}

/** Where the page has what a text outside of the steps belongs to. */
function pageOf(path: string) {
  if (path.startsWith('workplace.') && !path.startsWith('workplace.media.')) return 'viewWorkplace';
  return path.startsWith('safety.') ? 'viewJudging' : 'diffWhole';
}
