import { z } from 'zod';
import * as wire from '#protocol/api/guidance';
import type { JobPlan } from '#protocol/guidance/index';
import type { HallApi } from './api.ts';
import { newId } from './new-id.ts';
import { eventsOf } from './server-sent-events.ts';

const kept = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

/** Jobs, plans, stations and records over HTTP: what the shop's pages use. In a job's room work goes through its journal. */
export class GuidanceApi {
  constructor(private readonly hall: HallApi) {}

  jobs = (project: string, signal?: AbortSignal) =>
    this.hall.ask(wire.JobList, 'GET', `/projects/${project}/jobs`, kept(signal));
  plans = (project: string, signal?: AbortSignal) =>
    this.hall.ask(wire.PlanList, 'GET', `/projects/${project}/job-plans`, kept(signal));
  savePlan = (project: string, plan: z.input<typeof JobPlan>) =>
    this.hall.ask(wire.PlanList, 'POST', `/projects/${project}/job-plans`, { body: plan });
  stations = (project: string, signal?: AbortSignal) =>
    this.hall.ask(wire.StationList, 'GET', `/projects/${project}/stations`, kept(signal));
  makeStation = (project: string, station: z.input<typeof wire.StationNew>) =>
    this.hall.ask(wire.StationMade, 'POST', `/projects/${project}/stations`, { body: station });
  setUpStation = (project: string, station: string, setUp: z.input<typeof wire.StationSetUp>) =>
    this.hall.ask(wire.StationList, 'PUT', `/projects/${project}/stations/${station}`, { body: setUp });
  newPassword = (project: string, station: string) =>
    this.hall.ask(wire.StationPassword, 'POST', `/projects/${project}/stations/${station}/password`);
  figures = (project: string, signal?: AbortSignal) =>
    this.hall.ask(wire.FiguresView, 'GET', `/projects/${project}/job-figures`, kept(signal));
  /** CSV, UTF-8. */
  csv = (project: string, language: string) =>
    this.hall.readBytes(`/projects/${project}/jobs.csv?language=${language}`);
  changes = (project: string, signal?: AbortSignal) =>
    this.hall.ask(wire.InstructionChanges, 'GET', `/projects/${project}/instruction-changes`, kept(signal));
  takeRelease = (project: string, productType: string, release: string) =>
    this.hall.ask(wire.InstructionChanges, 'POST', `/projects/${project}/instruction-changes`, {
      body: { productType, release } as z.input<typeof wire.PlanTake>,
    });
  parts = (project: string, query: { product?: string; serial?: string; lot?: string }, signal?: AbortSignal) =>
    this.hall.ask(
      wire.PartsOfProduct,
      'GET',
      `/projects/${project}/genealogy?${new URLSearchParams(query).toString()}`,
      kept(signal),
    );
  strays = (project: string, signal?: AbortSignal) =>
    this.hall.ask(wire.StrayResults, 'GET', `/projects/${project}/stray-results`, kept(signal));
  recordOf = (room: string) => this.hall.ask(wire.RecordView, 'GET', `/jobs/${room}/record`);
  record = (cid: string, signal?: AbortSignal) =>
    this.hall.ask(wire.RecordView, 'GET', `/records/${cid}`, kept(signal));
  /** dag-cbor `{ from, blocks }`. */
  journalOf = (cid: string, signal?: AbortSignal) => this.hall.readBytes(`/records/${cid}/journal`, signal);
  pdfUrl = (cid: string, language: string) => this.hall.url(`/records/${cid}/record.pdf?language=${language}`);
  sheetUrl = (query: Record<string, string>) =>
    this.hall.url(`/guidance/marker-sheet/sheet.pdf?${new URLSearchParams(query).toString()}`);

  /** One op of mine in a job; null when it was taken, else what the job has against it. */
  async say(room: string, type: string, payload: unknown): Promise<unknown> {
    const body = { ops: [{ id: newId(), type, payload }] };
    const { verdicts } = await this.hall.ask(wire.JobVerdicts, 'POST', `/jobs/${room}/ops`, { body });
    return verdicts[0]?.ok ? null : (verdicts[0]?.problem ?? null);
  }

  /** A turn for each change of the project's jobs; ends when the line does. */
  async *moves(project: string, signal: AbortSignal): AsyncGenerator<number> {
    const response = await fetch(this.hall.url(`/projects/${project}/jobs/events`), {
      headers: this.hall.headers(),
      signal,
    });
    if (!response.ok) throw new Error(`The hall answers ${response.status}.`);
    for await (const event of eventsOf(response)) {
      const news = wire.JobsMoved.safeParse(event);
      if (news.success) yield news.data.moved;
    }
  }
}
