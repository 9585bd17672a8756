import type { CommentId, PartId } from '#protocol/ids';
import { PartId as PartIds } from '#protocol/ids';
import { createRoomView } from '../../tools/index.ts';
import { LocalSession } from '../local-session.ts';
import { plant, pump } from './products.ts';

/**
 * The scene on its own, without a server, for looking at it while working on it. Query: `theme`, `lang`, `parts=2000`,
 * `shape=CID`, `people=1`, `xr=emulate`, `test`.
 */
const query = new URLSearchParams(location.search);
const language = query.get('lang') === 'zh' ? 'zh' : 'en';
const session = new LocalSession({ name: 'Ada', color: 1 }, [
  { name: 'Grace Hopper', color: 0, badge: 'wallet', device: 'headset' },
  { name: '李华', color: 2 },
]);
const parts = query.has('parts') ? plant(Number(query.get('parts'))) : pump();
for (let i = 0; i < parts.length; i += 500) session.submit('parts.add', { parts: parts.slice(i, i + 500) });

performance.mark('view');
const canvas = document.getElementById('canvas') as HTMLCanvasElement;
const theme = query.get('theme') === 'dark' ? 'dark' : 'light';
const view = createRoomView(canvas, session, { hallUrl: location.origin, theme, language });
document.body.style.background = theme === 'dark' ? '#1b2026' : '#e4e8ec';

if (query.has('people')) {
  const startMs = performance.now();
  setInterval(() => {
    const t = (performance.now() - startMs) / 1000;
    session.moveBody(1, {
      headInRoom: {
        position: [-0.32 + 0.02 * Math.sin(t), 0.52, -0.6],
        rotation: [0, Math.sin(Math.PI / 2 - 0.2), 0, Math.cos(Math.PI / 2 - 0.2)],
      },
      leftInRoom: { position: [-0.14, 0.3, -0.36], rotation: [0, 1, 0, 0] },
      rightInRoom: { position: [-0.5, 0.28 + 0.02 * Math.sin(t * 2), -0.36], rotation: [0, 1, 0, 0] },
      isHeadset: true,
      isLeftClosed: true,
      isSpeaking: true,
    });
    session.moveBody(2, {
      headInRoom: {
        position: [0.56, 0.3, -0.22],
        rotation: [-0.1, 0.86, 0.2, 0.46].map((n) => n / Math.hypot(0.1, 0.86, 0.2, 0.46)) as [
          number,
          number,
          number,
          number,
        ],
      },
      isPointing: true,
      rightInRoom: { position: [0.24, 0.13, 0.02], rotation: [0, 0, 0, 1] },
    });
  }, 50);
  session.holdAs(2, 'inlet-face' as PartId);
}
if (query.has('comments')) {
  session.submitAs(1, 'comment.add', {
    id: 'c1' as CommentId,
    text: 'Rounder here?',
    anchor: { part: PartIds.parse('volute'), face: 0, pointInPart: [0.0722, 0, 0], normalInPart: [1, 0, 0] },
  });
  session.submitAs(2, 'comment.add', {
    id: 'c2' as CommentId,
    text: 'M8 instead of M6',
    anchor: { part: PartIds.parse('box'), face: 2, pointInPart: [0.01, 0.017, 0.01], normalInPart: [0, 1, 0] },
  });
  session.submit('comment.add', {
    id: 'c3' as CommentId,
    text: 'Behind',
    anchor: { part: PartIds.parse('motor'), face: 1, pointInPart: [0, 0.1, 0], normalInPart: [0, 1, 0] },
  });
}
Object.assign(window, { view, session });
