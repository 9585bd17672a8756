import { Alert, Autocomplete, Button, Group, NumberInput, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Project, SkillsMatrix } from '#protocol/api/index';
import type { JobPlan, KitItem } from '#protocol/guidance/index';
import type { CidText } from '#protocol/ids';
import { stepsOf, textIn, type Procedure } from '#protocol/procedures/index';
import { currentLanguage, noticeDone, ProblemNotice, shared, Wait } from '../../ui/index.ts';
import { procedures } from '../procedures/procedures.ts';
import { api } from '../session/index.ts';
import { guidance } from './guidance.ts';
import css from './guidance.module.css';
import { MarkerFields } from './marker-fields.tsx';
import { freeId, newGate } from './plan-draft.ts';
import { knownSkills, skillsNobodyHas } from './plan-skills.ts';
import { GateFields, KitFields, type Choice } from './plan-fields.tsx';
import { guidanceStrings } from './strings.ts';
import { useStations } from './use-jobs.ts';

interface Props {
  readonly project: Project;
  readonly plan: JobPlan;
  /** Product types that have a plan. */
  readonly planned: readonly string[];
  readonly releases: readonly { readonly cid: string; readonly name: string }[];
  readonly onClose: () => void;
}

const RULES = ['ask', 'whenSafe', 'stay'] as const;

/** The plan of a product type, whole on one page: what is saved is checked against the release. */
export function PlanEditor({ project, plan: before, planned, releases, onClose }: Props) {
  const t = guidanceStrings.useText();
  const words = shared.useText();
  const queries = useQueryClient();
  const [plan, setPlan] = useState(before);
  const released = useQuery({
    queryKey: ['released', plan.release],
    queryFn: ({ signal }) => procedures.released(plan.release, signal),
    staleTime: Infinity,
  });
  const change = (part: Partial<JobPlan>) => setPlan({ ...plan, ...part });
  const matrix = useSkills(project);
  const nobodyHas = matrix ? skillsNobodyHas(plan, matrix) : [];
  // Saved under the name of another, it would take that plan's place.
  const isPlanned = before.productType === '' && planned.includes(plan.productType);
  const unplanned = [...new Set([project.title, ...project.revisions.map(({ title }) => title)])].filter(
    (one) => !planned.includes(one),
  );
  const save = useMutation({
    mutationFn: () => guidance.savePlan(project.id, plan),
    onSuccess: async (saved) => {
      queries.setQueryData(['job-plans', project.id], saved);
      await queries.invalidateQueries({ queryKey: ['instruction-changes', project.id] });
      noticeDone(t('planSaved'));
      onClose();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="xl">
        <Group justify="space-between">
          <Title order={2}>{before.title || t('newPlan')}</Title>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {words('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={isPlanned}>
              {words('save')}
            </Button>
          </Group>
        </Group>
        {save.error && <ProblemNotice thrown={save.error} />}
        {nobodyHas.length > 0 && (
          <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} role="status">
            {nobodyHas.map(({ code, level }) => (
              <Text key={`${code} ${level}`} size="sm">
                {t('nobodyHasSkill', { code, level })}
              </Text>
            ))}
          </Alert>
        )}
        <div className={css['grid']}>
          <Autocomplete
            label={t('productType')}
            description={t('productTypeHint')}
            required
            maxLength={80}
            disabled={before.productType !== ''}
            data={unplanned}
            error={isPlanned && t('planIsThere', { type: plan.productType })}
            value={plan.productType}
            onChange={(productType) => change({ productType })}
          />
          <TextInput
            label={t('title')}
            required
            maxLength={200}
            value={plan.title}
            onChange={({ currentTarget }) => change({ title: currentTarget.value })}
          />
          <Select
            label={t('release')}
            allowDeselect={false}
            value={plan.release}
            data={releases.map(({ cid, name }) => ({ value: cid, label: name }))}
            onChange={(cid) => cid && change({ release: cid as JobPlan['release'] })}
          />
          <Select
            label={t('onNewRelease')}
            allowDeselect={false}
            value={plan.onNewRelease}
            data={RULES.map((value) => ({ value, label: t(`rule_${value}`) }))}
            onChange={(value) => value && change({ onNewRelease: value as JobPlan['onNewRelease'] })}
          />
          <Select
            label={t('designRevision')}
            placeholder={t('noDesign')}
            clearable
            value={plan.design?.revision ?? null}
            data={project.revisions.map(({ cid, title }) => ({ value: cid, label: title }))}
            onChange={(cid) => change({ design: designOf(project, cid) })}
          />
        </div>
        {released.error && <ProblemNotice thrown={released.error} />}
        {released.data ? (
          <OfProcedure project={project} plan={plan} procedure={released.data.procedure} change={change} />
        ) : (
          !released.error && <Wait />
        )}
      </Stack>
    </form>
  );
}

/** Who can do what here; null to who may not see that of others, and until it is read. */
function useSkills(project: Project): SkillsMatrix | null {
  const { data } = useQuery({
    queryKey: ['skills', project.id],
    queryFn: ({ signal }) => api.skillsMatrix(project.id, signal),
  });
  return data?.isWhole ? data : null;
}

/** What the record of each product names: the design's revision, and its token where it has one. */
function designOf(project: Project, cid: string | null): JobPlan['design'] {
  const revision = project.revisions.find((one) => one.cid === cid);
  return revision ? { revision: revision.cid as CidText, token: revision.tokenId } : null;
}

interface InnerProps {
  readonly project: Project;
  readonly plan: JobPlan;
  readonly procedure: Procedure;
  readonly change: (part: Partial<JobPlan>) => void;
}

function OfProcedure({ project, plan, procedure, change }: InnerProps) {
  const t = guidanceStrings.useText();
  const stations = useStations(project.id);
  const matrix = useSkills(project);
  const skills = matrix ? knownSkills(matrix).map(({ code, name }) => ({ value: code, label: name })) : [];
  const say = (text: Parameters<typeof textIn>[0]) => textIn(text, currentLanguage(), 'en');
  const named = <T extends { readonly id: string; readonly name: Procedure['title'] }>(list: readonly T[]): Choice[] =>
    list.map(({ id, name }) => ({ value: id, label: say(name) || id }));
  const steps: Choice[] = [...stepsOf(procedure)].map(({ step }) => ({
    value: step.id,
    label: say(step.title) || step.id,
  }));
  const { workplace } = procedure;
  const things = named(workplace.things);
  const pictures = workplace.media
    .filter(({ kind }) => kind === 'picture')
    .map(({ id, description }) => ({ value: id as string, label: say(description) || id }));
  const devices = (stations.data?.stations ?? []).flatMap((one) => one.tools.map(({ device }) => device));
  const gauges = (stations.data?.stations ?? []).flatMap((one) => one.gauges.map(({ device }) => device));
  const bound = <T extends { readonly device: string }>(list: readonly T[], isIt: (one: T) => boolean) =>
    list.find(isIt)?.device ?? null;
  return (
    <>
      <fieldset className={css['fieldset']}>
        <legend>{t('gates')}</legend>
        <Text size="sm" c="dimmed" mb="sm">
          {t('gatesText')}
        </Text>
        <Stack gap="sm">
          {plan.gates.map((gate, at) => (
            <GateFields
              key={gate.id}
              gate={gate}
              steps={steps}
              things={things}
              roles={named(workplace.roles)}
              skills={skills}
              pictures={pictures}
              onChange={(next) => change({ gates: plan.gates.map((one, n) => (n === at ? next : one)) })}
              onRemove={() => change({ gates: plan.gates.filter((_, n) => n !== at) })}
            />
          ))}
          <Button
            variant="default"
            w="fit-content"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() =>
              change({
                gates: [
                  ...plan.gates,
                  newGate('photo', freeId(plan.gates), steps[0]?.value ?? '', things[0]?.value ?? ''),
                ],
              })
            }
          >
            {t('addGate')}
          </Button>
        </Stack>
      </fieldset>
      <fieldset className={css['fieldset']}>
        <legend>{t('kit')}</legend>
        <Text size="sm" c="dimmed" mb="sm">
          {t('kitText')}
        </Text>
        <Stack gap="sm">
          {plan.kit.map((item, at) => (
            <KitFields
              key={at}
              item={item}
              things={things}
              onChange={(next) => change({ kit: plan.kit.map((one, n) => (n === at ? next : one)) })}
              onRemove={() => change({ kit: plan.kit.filter((_, n) => n !== at) })}
            />
          ))}
          {things.length === 0 && <Text size="sm">{t('noParts')}</Text>}
          <Button
            variant="default"
            w="fit-content"
            disabled={things.length === 0}
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => {
              const thing = (things[0]?.value ?? '') as KitItem['thing'];
              change({ kit: [...plan.kit, { thing, part: '', traced: 'none', allowed: null }] });
            }}
          >
            {t('addPart')}
          </Button>
        </Stack>
      </fieldset>
      {workplace.tools.length > 0 && (
        <fieldset className={css['fieldset']}>
          <legend>{t('tools')}</legend>
          <div className={css['grid']}>
            {workplace.tools.map(({ id, name }) => (
              <Select
                key={id}
                label={say(name) || id}
                placeholder={t('byHand')}
                clearable
                data={[...new Set([...devices, ...plan.tools.map(({ device }) => device)])]}
                value={bound(plan.tools, ({ tool }) => tool === id)}
                onChange={(device) => {
                  const others = plan.tools.filter(({ tool }) => tool !== id);
                  change({ tools: device ? [...others, { tool: id, device }] : others });
                }}
              />
            ))}
          </div>
        </fieldset>
      )}
      {workplace.sensors.length > 0 && (
        <fieldset className={css['fieldset']}>
          <legend>{t('gauges')}</legend>
          <div className={css['grid']}>
            {workplace.sensors.map(({ id, name, unit }) => (
              <Select
                key={id}
                label={`${say(name) || id} (${unit})`}
                placeholder={t('notRead')}
                clearable
                data={[...new Set([...gauges, ...plan.values.map(({ device }) => device)])]}
                value={bound(plan.values, ({ sensor }) => sensor === id)}
                onChange={(device) => {
                  const others = plan.values.filter(({ sensor }) => sensor !== id);
                  change({ values: device ? [...others, { sensor: id, device }] : others });
                }}
              />
            ))}
          </div>
        </fieldset>
      )}
      <MarkerFields room={project.room} plan={plan} stations={stations.data?.stations ?? []} change={change} />
      <fieldset className={css['fieldset']}>
        <legend>{t('plannedTimes')}</legend>
        <div className={css['grid']}>
          {steps.map(({ value, label }) => (
            <NumberInput
              key={value}
              label={label}
              suffix=" s"
              min={1}
              max={86_400}
              value={plan.plannedMs?.[value] === undefined ? '' : plan.plannedMs[value] / 1000}
              onChange={(seconds) => {
                const { [value]: _, ...others } = plan.plannedMs ?? {};
                const ms = Math.round(Number(seconds) * 1000);
                change({ plannedMs: seconds === '' || ms <= 0 ? others : { ...others, [value]: ms } });
              }}
            />
          ))}
        </div>
      </fieldset>
    </>
  );
}
