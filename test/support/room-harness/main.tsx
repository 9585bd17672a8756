/** The room page without server and 3D engine, for looking at its panels: the real reducer, the real rights, a blank view. */
import '@mantine/core/styles.css';
import '@mantine/dropzone/styles.css';
import '@mantine/notifications/styles.css';
import '../../../client/ui/theme/global.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { createMemoryRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { encodeBlock, sealEntry, type Author, type Entry, type StoredEntry } from '#protocol/journal/index';
import { OpId, PartId, RoomId, UserId } from '#protocol/ids';
import { RoomInfo } from '#protocol/api/index';
import { HallApi } from '../../../client/net/api.ts';
import { NEXT_TURN } from '../../../client/net/past-view.ts';
import { Voice } from '../../../client/voice/index.ts';
import { withPast } from '../../../client/net/past-session.ts';
import { journalSource } from '../../../client/features/room/history/journal-source.ts';
import { RoomScreen } from '../../../client/features/room/room-screen.tsx';
import { colorSchemes, cssVariables, theme } from '../../../client/ui/theme/theme.ts';
import { BlankView } from '../blank-view.ts';
import { LocalSession } from '../local-session.ts';
import { manyParts, samplePump } from '../sample-pump.ts';

const query = new URLSearchParams(location.search);
const role = (query.get('role') ?? 'owner') as 'owner' | 'designer' | 'reviewer' | 'observer';
const count = Number(query.get('parts') ?? 0);
const parts = query.get('parts') === 'none' ? [] : count ? manyParts(count) : samplePump();
const session = new LocalSession(
  [
    { name: 'Mei Lin', role, badge: 'wallet' },
    { name: 'Jonas Weber', device: 'headset' },
    { name: 'Amira Haddad', role: 'reviewer', device: 'phone' },
  ],
  parts,
);
const HOUR = 3_600_000;
if (!count && parts.length > 0) {
  session.nowMs = () => Date.now() - 5 * HOUR;
  session.as(1, 'part.setDimensions', { id: PartId.parse('shaft'), dimensions: { heightM: 0.24 } });
  session.as(2, 'comment.add', {
    id: 'c1' as never,
    anchor: { part: PartId.parse('casing'), face: 3, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] },
    text: 'The outlet flange needs 4 mm more wall here, the last casting cracked at this edge.',
  });
  session.nowMs = () => Date.now() - 2 * HOUR;
  session.as(1, 'comment.reply', {
    id: 'c1' as never,
    reply: 'r1' as never,
    text: 'Agreed. I will thicken it and check the bolts.',
  });
  session.as(1, 'comment.add', {
    id: 'c2' as never,
    anchor: { part: PartId.parse('seal'), face: null, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] },
    text: 'Which rubber? FKM if the pump sees oil.',
  });
  session.nowMs = () => Date.now() - 60_000;
  session.as(1, 'part.setMaterial', {
    ids: [PartId.parse('impeller')],
    material: { preset: 'brass', color: '#c9a24b' },
  });
  session.holdAs(1, [PartId.parse('impeller')]);
}
session.nowMs = () => Date.now();

const info = RoomInfo.parse({
  id: 'local',
  kind: 'design',
  purpose: query.has('submission') ? 'submission' : 'project',
  title: 'Centrifugal pump CP-40',
  project: query.has('submission') ? null : 'pump',
  brief: query.has('submission') ? 'brief' : null,
  submission: query.has('submission') ? 'submission' : null,
  role,
  isClosed: query.has('closed'),
  length: 1,
});

const stored: StoredEntry[] = [];
const owner: Author = { id: UserId.parse('user-0'), name: 'Mei Lin' };
const began = Date.now() - 9 * HOUR;
/** Entries in which the parts came, up to 500 in each. */
const openings = Math.ceil(parts.length / 500);
session.opened = 1 + openings;
session.length.set(session.opened + session.entries.length);

/** Answers what panels ask of the hall from the session in memory. */
class LocalApi extends HallApi {
  constructor() {
    super({ hallUrl: location.origin, token: () => null });
    this.room = async () => ({ ...info, length: session.length.get() });
    this.entries = async (_room, from, limit) =>
      encodeBlock({
        from,
        blocks: journal()
          .slice(from, from + limit)
          .map(({ bytes }) => bytes),
      }).bytes;
    this.storePicture = async () => ({ cid: `bafkrei${'a'.repeat(52)}` });
  }
}

/** What was done here, sealed when somebody asks for it. */
function journal(): StoredEntry[] {
  const payload = { kind: 'design', purpose: 'project', title: info.title };
  if (stored.length === 0) seal({ id: OpId.parse('e0'), at: began, author: owner, type: 'room.opened', payload });
  for (let n = stored.length - 1; n < openings; n++)
    seal({
      ...{ id: OpId.parse(`e${n + 1}`), at: began, author: owner },
      ...{ type: 'parts.add', payload: { parts: parts.slice(n * 500, n * 500 + 500) } },
    });
  for (const { id, group, at, author, type, payload: done } of session.entries.slice(stored.length - session.opened))
    seal({ id, at, author, type, payload: done, ...(group ? { group } : {}) });
  return stored;
}

function seal(rest: Pick<Entry, 'id' | 'at' | 'author' | 'type' | 'payload' | 'group'>): void {
  const room = RoomId.parse('local');
  stored.push(sealEntry({ v: 1, room, seq: stored.length, prev: stored.at(-1)?.cid ?? null, ...rest }));
}

declare global {
  interface Window {
    room: { session: LocalSession; view: BlankView };
  }
}
const createView = (canvas: HTMLCanvasElement) => {
  const view = new BlankView(canvas);
  window.room = { session, view };
  return view;
};
const fail = (thrown: unknown) => console.error(thrown);
const api = new LocalApi();
const shown = withPast(session, journalSource(api, 'local'), NEXT_TURN);
const screen = (
  <RoomScreen
    session={shown}
    info={info}
    api={api}
    voice={new Voice(session)}
    createView={createView}
    onViewFailed={fail}
  />
);
const router = createMemoryRouter([{ path: '*', element: screen }]);
createRoot(document.getElementById('root')!).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariables}
    colorSchemeManager={colorSchemes}
    defaultColorScheme="auto"
  >
    <QueryClientProvider client={new QueryClient()}>
      <Notifications position="bottom-center" />
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>,
);
