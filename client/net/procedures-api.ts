import type { z } from 'zod';
import * as wire from '#protocol/api/procedures';
import { ReviewList, ReviewEntry, ReviewRequest } from '#protocol/api/authoring';
import type { Procedure } from '#protocol/procedures/index';
import type { HallApi } from './api.ts';
import { uploadFile } from './upload.ts';

/** Drafts, reviews and releases of procedures over HTTP: what authors use. */
export class ProceduresApi {
  constructor(private readonly hall: HallApi) {}

  list = (project: string, signal: AbortSignal) =>
    this.hall.ask(wire.ProcedureList, 'GET', `/projects/${project}/procedures`, { signal });
  create = (project: string, procedure: Procedure) =>
    this.hall.ask(wire.ProcedureSummary, 'POST', `/projects/${project}/procedures`, { body: { procedure } });
  import = (project: string, body: z.input<typeof wire.ProcedureImport>) =>
    this.hall.ask(wire.ProcedureImported, 'POST', `/projects/${project}/procedures/import`, { body });
  rules = (project: string, signal: AbortSignal) =>
    this.hall.ask(wire.TrainingRules, 'GET', `/projects/${project}/training-rules`, { signal });

  /** A sound or video for a step. */
  storeMedia = (project: string, kind: 'audio' | 'video', file: Blob, onSent?: (fraction: number) => void) =>
    uploadFile(this.hall, wire.MediaStored, `/projects/${project}/procedures/media?kind=${kind}`, file, {
      ...(onSent ? { onSent } : {}),
    });

  read = (id: string, signal?: AbortSignal) =>
    this.hall.ask(wire.ProcedureView, 'GET', `/procedures/${id}`, signal ? { signal } : {});
  save = (id: string, version: number, procedure: Procedure) =>
    this.hall.ask(wire.Saved, 'PUT', `/procedures/${id}`, { body: { version, procedure } });
  export = (id: string, format: (typeof wire.FORMATS)[number]) =>
    this.hall.ask(wire.ProcedureExport, 'GET', `/procedures/${id}/export?format=${format}`);
  released = (cid: string, signal: AbortSignal) =>
    this.hall.ask(wire.ProcedureNew, 'GET', `/releases/${cid}/procedure`, { signal });

  reviews = (id: string, signal: AbortSignal) =>
    this.hall.ask(ReviewList, 'GET', `/procedures/${id}/reviews`, { signal });
  reviewsOfProject = (project: string, signal: AbortSignal) =>
    this.hall.ask(ReviewList, 'GET', `/projects/${project}/reviews`, { signal });
  review = (id: string, body: z.input<typeof ReviewRequest>) =>
    this.hall.ask(ReviewEntry, 'POST', `/procedures/${id}/reviews`, { body });
  statement = (id: string, note: string) =>
    this.hall.ask(wire.ReleaseStatement, 'GET', `/procedures/${id}/statement?note=${encodeURIComponent(note)}`);
  release = (id: string, body: z.input<typeof wire.ReleaseNew>) =>
    this.hall.ask(wire.ReleaseView, 'POST', `/procedures/${id}/releases`, { body });
}
