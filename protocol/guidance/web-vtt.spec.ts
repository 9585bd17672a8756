import { expect, it } from 'vitest';
import { UserId } from '../ids.ts';
import { JobJournal } from '../../test/support/jobs.ts';
import { asBuiltOf, rowsOf, webVttOf } from './index.ts';

const eva = { id: UserId.parse('designer'), name: 'designer' };

/** A call that is recorded, with what is said in it. */
function recorded(): JobJournal {
  const job = new JobJournal().begin();
  job.put('help.ring', { call: 'c-1', to: [eva], how: 'all', escalateAfterS: 20, text: '', step: null }, 'ann');
  job.put('help.answer', { call: 'c-1', answer: 'accept' }, 'designer');
  for (const by of ['ann', 'designer']) job.put('help.consent', { call: 'c-1', isGiven: true }, by);
  job.put('help.record', { call: 'c-1', recording: 'r-1', what: 'sound' }, 'designer');
  return job;
}
const say = (job: JobJournal, line: string, text: string, source: 'typed' | 'spoken' = 'spoken', by = 'ann') =>
  job.put('help.say', { call: 'c-1', line, text, language: 'en', source, picture: null }, by);
const vtt = (job: JobJournal, language?: string) =>
  webVttOf(job.state.document, rowsOf(job.state.document, 'recordings')[0]!, language);
/** Seconds from and to of each cue, with what it says. */
const cuesOf = (text: string) =>
  [...text.matchAll(/(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)\n(.*)/g)].map(([, ...found]) => {
    const [h1, m1, s1, h2, m2, s2] = found.slice(0, 6).map(Number) as [number, number, number, number, number, number];
    return { fromS: h1 * 3600 + m1 * 60 + s1, toS: h2 * 3600 + m2 * 60 + s2, text: found[6] };
  });

it('subtitles of a recording: what was spoken while it ran, by whom, one after the other, markup taken for words', () => {
  const job = recorded();
  say(job, 'l-1', 'Turn it <first> & hold');
  say(job, 'l-2', 'typed, not spoken', 'typed');
  say(job, 'l-3', 'Like\nthis?', 'spoken', 'designer');
  job.put('help.stopRecording', { recording: 'r-1' }, 'ann');
  say(job, 'l-4', 'after it was over');
  const text = vtt(job);
  expect(text.startsWith('WEBVTT\n\n1\n')).toBe(true);
  const cues = cuesOf(text);
  expect(cues.map((cue) => cue.text)).toEqual(['<v Ann>Turn it &lt;first&gt; &amp; hold', '<v Designer>Like this?']);
  for (const [at, { fromS, toS }] of cues.entries()) {
    expect(fromS).toBeGreaterThanOrEqual(at === 0 ? 0 : cues[at - 1]!.toS);
    expect(toS - fromS).toBeGreaterThanOrEqual(1);
  }
});

it('shows an interpreter’s words in the language that is asked for', () => {
  const job = recorded();
  say(job, 'l-1', 'Turn it');
  job.put('help.translate', { line: 'l-1', language: 'zh', text: '转动它' }, 'designer');
  expect(vtt(job, 'zh')).toContain('<v Ann>转动它');
  expect(vtt(job, 'de')).toContain('<v Ann>Turn it');
});

it('stands in the job’s record, also when it was erased', () => {
  const job = recorded();
  const keep = {
    recording: 'r-1',
    cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
    bytes: 9,
    type: 'video/webm',
  };
  job.put('help.keepRecording', keep as never, 'designer');
  const inRecord = () =>
    asBuiltOf(job.state.document, { room: 'r', head: 'h', length: 1 } as never)!.help[0]!.recordings;
  expect(inRecord()).toMatchObject([{ id: 'r-1', by: 'designer', file: { cid: keep.cid, bytes: 9 }, erased: null }]);
  job.put('help.eraseRecording', { recording: 'r-1', reason: 'I would rather not' }, 'ann');
  expect(inRecord()).toMatchObject([{ id: 'r-1', file: null, erased: { by: 'ann' } }]);
});
