import { describe, expect, it } from 'vitest';
import {
  HALL_DID,
  HALL_KEY,
  ISSUED_AT,
  issued,
  LIST_URL,
  OTHER_KEY,
  YEAR_MS,
} from '#protocol/credentials/credential.fixture';
import { isoSeconds } from '#protocol/credentials/index';
import { sign } from '#protocol/credentials/data-integrity';
import { statusListCredential, type Revocation } from '#protocol/credentials/status-list';
import type { OfflinePack } from '#protocol/api/offline';
import { ann, JobJournal, valve, valvePlan } from '../../test/support/jobs.ts';
import { missingProof } from './missing-proof.ts';
import { proveSkills } from './skills.ts';

const DAY_MS = 86_400_000;
const ADA = 'p-ada';

async function packOf(certificates: readonly object[], revocations: Revocation[] = [], listKey = HALL_KEY) {
  const validity = { validFrom: isoSeconds(ISSUED_AT), validUntil: isoSeconds(ISSUED_AT + 7 * DAY_MS) };
  const list = await statusListCredential({ url: LIST_URL, issuer: HALL_DID, revocations, ...validity });
  return {
    people: [{ id: ADA, name: 'Ada', certificates }],
    statusLists: [
      { url: LIST_URL, document: await sign(list, { privateKey: listKey, created: isoSeconds(ISSUED_AT) }) },
    ],
    issuer: { did: HALL_DID, name: 'Werk Nord', formerDids: [] },
  } as unknown as OfflinePack;
}
const proven = async (pack: OfflinePack, nowMs = ISSUED_AT + DAY_MS) => {
  const { of, doubts } = await proveSkills(pack, nowMs);
  return { codes: (of.get(ADA) ?? []).map(({ code }) => code), verdicts: doubts.map(({ verdict }) => verdict) };
};

describe('what somebody can do, found out without a network', () => {
  it('is what valid certificates of the hall say of that person', async () => {
    expect(await proven(await packOf([await issued()]))).toEqual({ codes: ['MECH-ASM-01', 'ESCO S8.1'], verdicts: [] });
  });

  it('is nothing by a certificate that was changed, that a stranger signed, or that is somebody else’s', async () => {
    const changed = JSON.parse(JSON.stringify(await issued()).replace('MECH-ASM-01', 'WELD-01')) as object;
    const stranger = await issued({}, OTHER_KEY);
    const other = await issued({ recipient: { id: 'p-bob', name: 'Bob' } });
    const pack = await packOf([changed, stranger, other]);
    expect(await proven(pack)).toEqual({ codes: [], verdicts: ['invalid', 'invalid', 'other_person'] });
  });

  it('is nothing once it was taken back, or expired, or when the list is too old to tell', async () => {
    const back = await packOf([await issued()], [{ index: 4711, reason: 'retraining', at: ISSUED_AT }]);
    expect((await proven(back)).verdicts).toEqual(['revoked']);
    const good = await packOf([await issued()]);
    expect((await proven(good, ISSUED_AT + 30 * DAY_MS)).codes).toEqual([]);
    expect((await proven(good, ISSUED_AT + YEAR_MS + DAY_MS)).verdicts).toEqual(['expired']);
    const forged = await packOf([await issued()], [], OTHER_KEY);
    expect((await proven(forged)).codes).toEqual([]);
  });
});

describe('a step that asks for a skill, on a device alone', () => {
  const skill = { id: 'torque', step: 'insert', kind: 'skill', code: 'TORQUE', level: 3 };
  const act = { type: 'job.act' };
  const held = (level: number) => [{ code: 'TORQUE', level, validUntilMs: null, certificate: 'c' }];

  it('waits without a certificate that proves it, whatever the journal says', () => {
    const { state } = new JobJournal(valve(), valvePlan({ gates: [skill], kit: [] })).begin();
    expect(missingProof(state.document, act, ann, [])).toMatchObject({
      key: 'skill_unproven',
      facts: { code: 'TORQUE' },
    });
    expect(missingProof(state.document, act, ann, held(2))).toMatchObject({ key: 'skill_unproven' });
    expect(missingProof(state.document, act, ann, held(3))).toBeNull();
    expect(missingProof(state.document, { type: 'job.pause' }, ann, [])).toBeNull();
  });

  it('goes on when a supervisor has released it', () => {
    const job = new JobJournal(valve(), valvePlan({ gates: [skill], kit: [] })).begin();
    expect(job.put('step.release', { step: 'insert' as never, what: 'skill', reason: 'Shown how' }, 'sue')).toBeNull();
    expect(missingProof(job.state.document, act, ann, [])).toBeNull();
  });
});
