import { Anchor, Button, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, type FormEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { JobView, PlanList, StationList, type StationView } from '#protocol/api/guidance';
import { readOrderCode } from '#protocol/guidance/index';
import type { Seen } from '../../align/index.ts';
import { Page, ProblemNotice, Wait } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import css from './start-job-page.module.css';
import { guidanceRoomStrings } from './strings.ts';
import { useCamera } from './use-camera.ts';
import { useLooking } from './use-looking.ts';

/** Stations get free while somebody waits for one, ms. */
const LOOK_AGAIN_MS = 5_000;
const STATION_STORED_AS = 'workhall.guidance.station';

/** `/jobs/start?project=…`: the order's code by camera, scanner or keyboard, a station, and the job's room opens. */
export default function StartJobPage() {
  const t = guidanceRoomStrings.useText();
  const [search] = useSearchParams();
  const project = search.get('project');
  return (
    <Page title={t('startTitle')} isNarrow>
      <Title order={1} mb="xs">
        {t('startTitle')}
      </Title>
      {project ? <Start project={project} /> : <Text>{t('noProject')}</Text>}
    </Page>
  );
}

function Start({ project }: { project: string }) {
  const t = guidanceRoomStrings.useText();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const stations = useQuery({
    queryKey: ['stations', project],
    queryFn: ({ signal }) => api.ask(StationList, 'GET', `/projects/${project}/stations`, { signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const plans = useQuery({
    queryKey: ['job-plans', project],
    queryFn: ({ signal }) => api.ask(PlanList, 'GET', `/projects/${project}/job-plans`, { signal }),
  });
  const [station, setStation] = useState(() => search.get('station') ?? localStorage.getItem(STATION_STORED_AS) ?? '');
  const [code, setCode] = useState('');
  /** What was read or typed stays: the camera takes another one only when it is asked to. */
  const [isScanning, setScanning] = useState(true);
  const [typed, setTyped] = useState({ order: '', productType: '', serial: '' });
  const read = readOrderCode(code);
  const list = stations.data?.stations ?? [];
  const chosen = list.find(({ id }) => id === station) ?? list.find(({ job }) => !job) ?? list[0];
  const open = useMutation({
    mutationFn: () => {
      if (chosen) localStorage.setItem(STATION_STORED_AS, chosen.id);
      const what = read ? { code: code.trim() } : typed;
      return api.ask(JobView, 'POST', `/projects/${project}/jobs`, { body: { ...what, station: chosen?.id ?? '' } });
    },
    // The camera that was chosen here is the one of the job.
    onSuccess: ({ room }) => void navigate(`/room/${room}${rest(search)}`),
  });
  if (stations.isPending) return <Wait />;
  if (stations.error) return <ProblemNotice thrown={stations.error} onRetry={() => void stations.refetch()} />;
  const isTyped = typed.order !== '' && typed.productType !== '' && typed.serial !== '';
  const isReady = code === '' ? isTyped : read !== null;
  const type = (text: string) => {
    setCode(text);
    setScanning(false);
  };
  const products = (plans.data?.plans ?? []).map(({ plan }) => plan);
  const isUnplanned =
    plans.data !== undefined && read !== null && !products.some((one) => one.productType === read.productType);
  const field = (key: keyof typeof typed) => ({
    label: t(key),
    size: 'lg',
    autoComplete: 'off',
    value: typed[key],
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) => {
      setScanning(false);
      setTyped((before) => ({ ...before, [key]: value }));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && chosen && !chosen.job) open.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>{t('startText')}</Text>
        {chosen?.isSimulated && search.get('camera') !== 'rendered' && (
          <Text>
            {t('stationIsRendered', { station: chosen.name })}{' '}
            <Anchor href={`/jobs/start?${rendered(search, chosen.id)}`}>{t('tryRendered')}</Anchor>
          </Text>
        )}
        {/* Away once it has read: what was read, and what is done with it, take its place. */}
        <div hidden={!isScanning}>
          <OrderCamera onCode={isScanning ? type : null} />
        </div>
        {!isScanning && (
          <Group>
            <Button
              size="md"
              variant="default"
              onClick={() => {
                setCode('');
                setScanning(true);
              }}
            >
              {t('scanAgain')}
            </Button>
          </Group>
        )}
        {/* A scanner is a keyboard that ends with Enter: the field has the focus. */}
        <TextInput
          label={t('orderCode')}
          size="lg"
          autoFocus
          autoComplete="off"
          value={code}
          placeholder="WO;4711;GEARBOX-P5;GB-7"
          description={t('orderCodeForm')}
          onChange={(event) => type(event.currentTarget.value)}
          error={code !== '' && !read ? t('notAnOrder', { code }) : null}
        />
        {read ? (
          <Text role="status" fw={560} fz={26} lh={1.3}>
            {t('readCode', { order: read.order, type: read.productType, serial: read.serial })}
          </Text>
        ) : (
          <Group grow preventGrowOverflow={false} align="end">
            <TextInput {...field('order')} />
            <NativeSelect
              {...field('productType')}
              data={[
                { value: '', label: t('chooseProduct') },
                ...products.map(({ productType, title }) => ({
                  value: productType,
                  label: `${title} · ${productType}`,
                })),
              ]}
            />
            <TextInput {...field('serial')} />
          </Group>
        )}
        {isUnplanned && (
          <Text c="var(--wh-attention)" role="alert">
            {t('notPlanned', {
              type: read.productType,
              types: products.map(({ productType }) => productType).join(t('comma')) || '–',
            })}{' '}
            <Anchor component={Link} to={`/project/${project}/jobs?view=plans`}>
              {t('toPlans')}
            </Anchor>
          </Text>
        )}
        {list.length === 0 ? (
          <Text c="var(--wh-attention)">{t('noStations')}</Text>
        ) : (
          <NativeSelect
            label={t('chooseStation')}
            size="lg"
            value={chosen?.id ?? ''}
            onChange={(event) => setStation(event.currentTarget.value)}
            data={list.map(({ id, name, job }) => ({
              value: id,
              label: job ? t('stationBusy', { name, product: `${job.productType} ${job.serial}` }) : name,
            }))}
          />
        )}
        {chosen?.job && <Busy job={chosen.job} />}
        {!isReady && code === '' && (
          <Text size="sm" c="dimmed">
            {t('openNeeds')}
          </Text>
        )}
        {open.error && <ProblemNotice thrown={open.error} />}
        <Group>
          <Button
            type="submit"
            size="xl"
            mih={76}
            loading={open.isPending}
            disabled={!isReady || !chosen || chosen.job !== null}
          >
            {t('openJob')}
          </Button>
          {chosen?.job && (
            <Button
              size="xl"
              mih={76}
              variant="default"
              onClick={() => void navigate(`/room/${chosen.job!.room}${rest(search)}`)}
            >
              {t('toThisJob')}: {chosen.job.serial}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** Which job keeps the station, and who is at it. */
function Busy({ job }: { job: NonNullable<StationView['job']> }) {
  const t = guidanceRoomStrings.useText();
  const product = `${job.productType} ${job.serial}`;
  const crew = job.crew.join(t('comma'));
  return (
    <Text role="status">
      {t('stationHas', { product, order: job.order })} {crew && t('stationCrew', { crew })} {t('stationFree')}
    </Text>
  );
}

/** The same page with the drawn station in the place of a camera. */
function rendered(search: URLSearchParams, station: string): string {
  const next = new URLSearchParams(search);
  next.set('camera', 'rendered');
  next.set('station', station);
  return next.toString();
}

function rest(search: URLSearchParams): string {
  const kept = new URLSearchParams([...search].filter(([key]) => key !== 'project' && key !== 'station'));
  return kept.size > 0 ? `?${kept.toString()}` : '';
}

/** Reads the order's label as soon as it is in view, while somebody wants it: nothing else is scanned on this page. */
function OrderCamera({ onCode }: { onCode: ((code: string) => void) | null }) {
  const t = guidanceRoomStrings.useText();
  const camera = useCamera(null);
  const element = useRef<HTMLVideoElement>(null);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const { source } = camera;
  useEffect(() => {
    const shown = element.current;
    if (!source || !shown) return undefined;
    shown.srcObject = source.stream;
    void shown.play().catch(() => undefined);
    setVideo(shown);
    return () => {
      shown.srcObject = null;
      setVideo(null);
    };
  }, [source]);
  const taken = useRef(onCode);
  useEffect(() => {
    taken.current = onCode;
  });
  const onSeen = useCallback(({ codes }: Seen) => {
    const order = codes.find(({ text }) => readOrderCode(text) !== null);
    if (order) taken.current?.(order.text);
  }, []);
  useLooking({ source, video, withCodes: true, onSeen });
  if (camera.trouble !== null)
    return (
      <ProblemNotice
        thrown={camera.trouble}
        action={
          <Button size="md" variant="default" onClick={camera.again}>
            {t('tryCamera')}
          </Button>
        }
      />
    );
  return source ? <video ref={element} className={css['camera']} muted playsInline aria-label={t('camera')} /> : null;
}
