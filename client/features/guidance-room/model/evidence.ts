import { EvidenceStored } from '#protocol/api/guidance';
import type { HallApi } from '../../../net/api.ts';
import { uploadFile } from '../../../net/upload.ts';

/** Sends a picture or clip of a job to the hall; its CID goes into the journal afterwards. Rejects with a WorkhallError. */
export async function sendEvidence(
  api: HallApi,
  room: string,
  kind: 'picture' | 'clip',
  file: Blob,
  onSent?: (fraction: number) => void,
): Promise<string> {
  const { cid } = await uploadFile(api, EvidenceStored, `/jobs/${room}/evidence?kind=${kind}`, file, {
    ...(onSent ? { onSent } : {}),
  });
  return cid;
}
