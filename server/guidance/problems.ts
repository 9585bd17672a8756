import { WorkhallError, type Problem } from '#protocol/errors';
import type { JobSummary } from '#protocol/guidance/index';

const scope = 'guidance';

/** Everything that can go wrong with jobs over HTTP, in one place. */
export const problems = {
  noSuchJob: (room: string) =>
    new WorkhallError(scope, 'no_such_job', 'There is no such job.', { facts: { room }, status: 404 }),
  noSuchStation: (station: string) =>
    new WorkhallError(scope, 'no_such_station', 'There is no such station.', {
      facts: { station },
      next: 'Choose a station of this project.',
      status: 404,
    }),
  stationTaken: (name: string) =>
    new WorkhallError(scope, 'station_taken', 'A station of this project has this name.', {
      facts: { name },
      status: 409,
    }),
  deviceTaken: (device: string) =>
    new WorkhallError(scope, 'device_taken', 'Another station has this tool.', { facts: { device }, status: 409 }),
  simulatedNames: (prefix: string) =>
    new WorkhallError(
      scope,
      'simulated_names',
      'Tools of a simulated station are named so that nobody takes them for real.',
      {
        facts: { prefix },
        next: `Begin their names with ${prefix}.`,
        status: 422,
      },
    ),
  /** The room leads whoever was refused to the job that is there. */
  stationBusy: (room: string, { order, productType, serial, crew }: JobSummary) =>
    new WorkhallError(
      scope,
      'station_busy',
      `Another job is at this station: ${productType} ${serial}, order ${order}.`,
      {
        facts: { room, order, productType, serial, crew: crew.join(', ') },
        next: 'Finish it first, or choose another station.',
        status: 409,
      },
    ),
  noPlan: (productType: string) =>
    new WorkhallError(scope, 'no_plan', 'Nobody has said how this product is made here.', {
      facts: { productType },
      next: 'Save a plan for this product type, or check the code.',
      status: 404,
    }),
  wrongOrder: (facts: Record<string, string>) =>
    new WorkhallError(scope, 'wrong_order_code', 'The code and what was typed do not agree.', {
      facts,
      next: 'Scan the code of the order once more.',
      status: 409,
    }),
  unreadableCode: () =>
    new WorkhallError(scope, 'unreadable_code', 'This is no code of an order.', {
      next: 'Scan the order’s own label, or type order, product and serial number.',
      status: 422,
    }),
  madeBefore: (serial: string) =>
    new WorkhallError(scope, 'made_before', 'A product with this serial number has been made, or is being made.', {
      facts: { serial },
      next: 'Check the serial number.',
      status: 409,
    }),
  goesOn: (room: string) =>
    new WorkhallError(scope, 'job_goes_on', 'The job is not over: its record is not made yet.', {
      facts: { room },
      status: 409,
    }),
  otherProject: (release: string) =>
    new WorkhallError(scope, 'other_project', 'This release belongs to another project.', {
      facts: { release },
      status: 409,
    }),
  noSuchRecord: (cid: string, cause?: unknown) =>
    new WorkhallError(scope, 'no_such_record', 'This hall has no such record.', {
      facts: { cid },
      next: 'Check the address, or ask the hall that signed the record.',
      status: 404,
      cause,
    }),
  notInCrew: () =>
    new WorkhallError(scope, 'not_in_crew', 'Only the crew of the job can do this.', {
      next: 'Join the job first.',
      status: 403,
    }),
  notEvidence: (kind: string) =>
    new WorkhallError(scope, 'not_evidence', 'This file is not what it is sent as.', {
      facts: { kind },
      next: 'Send a picture as JPEG, PNG or WebP, a clip as WebM or MP4, a document as PDF.',
      status: 415,
    }),
  evidenceTooLarge: (kind: string, limitMB: number) =>
    new WorkhallError(scope, 'evidence_too_large', `This file is larger than ${limitMB} MB.`, {
      facts: { kind, limitMB },
      next: 'Take a smaller picture or a shorter clip, or bring fewer pages.',
      status: 413,
    }),
  notSimulated: (station: string) =>
    new WorkhallError(scope, 'not_simulated', 'At this station the tools are real.', {
      facts: { station },
      next: 'Use the tool itself.',
      status: 409,
    }),
  noSuchTool: (tool: string, station: string) =>
    new WorkhallError(scope, 'tool_not_played', 'This station has no such tool that reports.', {
      facts: { tool, station },
      status: 404,
    }),
  noToolLine: (station: string) =>
    new WorkhallError(scope, 'no_tool_line', 'The line of this station’s tools is not up.', {
      facts: { station },
      next: 'Try again in a moment; if it stays so, see the log of the hall.',
      status: 503,
    }),
  refused: ({ scope: from, key, message, facts, next }: Problem) =>
    new WorkhallError(from, key, message, { facts: { ...facts }, ...(next ? { next } : {}), status: 409 }),
};
