import * as wire from '#protocol/api/help';
import type { z } from 'zod';
import { errorOf, type HallApi } from './api.ts';
import { eventsOf } from './server-sent-events.ts';
import { uploadFile } from './upload.ts';

/** Experts, calls and what is shown in them, over HTTP. In a job's room everything else goes through its journal. */
export class HelpApi {
  constructor(private readonly hall: HallApi) {}

  experts = (project: string, signal?: AbortSignal) =>
    this.hall.ask(wire.ExpertList, 'GET', `/projects/${project}/experts`, signal ? { signal } : {});
  putExpert = (project: string, expert: z.input<typeof wire.ExpertPut>) =>
    this.hall.ask(wire.ExpertList, 'PUT', `/projects/${project}/experts`, { body: expert });
  removeExpert = (project: string, person: string) =>
    this.hall.ask(wire.ExpertList, 'DELETE', `/projects/${project}/experts/${person}`);

  mine = (signal?: AbortSignal) => this.hall.ask(wire.MyHelp, 'GET', '/me/help', signal ? { signal } : {});
  setDuty = (isOnDuty: boolean) => this.hall.ask(wire.MyHelp, 'PUT', '/me/help/duty', { body: { isOnDuty } });
  seen = () => this.hall.ask(wire.MyHelp, 'POST', '/me/help/seen');
  answer = (room: string, call: string, answer: 'accept' | 'decline') =>
    this.hall.ask(wire.CallAnswered, 'POST', `/jobs/${room}/calls/${call}/answer`, { body: { answer } });

  /** What rings for me, as it changes; ends when the line does. While it is read I can be reached. */
  async *events(signal: AbortSignal): AsyncGenerator<wire.MyHelp> {
    const response = await fetch(this.hall.url('/me/help/events'), { headers: this.hall.headers(), signal });
    if (!response.ok) throw new Error(`The hall answers ${response.status}.`);
    for await (const event of eventsOf(response)) {
      const news = wire.MyHelp.safeParse(event);
      if (news.success) yield news.data;
    }
  }

  showPicture = (room: string, picture: Blob) =>
    uploadFile(this.hall, wire.HelpFile, `/jobs/${room}/help/pictures`, picture);
  /** A PDF. */
  bringDocument = (room: string, document: Blob) =>
    uploadFile(this.hall, wire.HelpFile, `/jobs/${room}/help/documents`, document);
  documents = (room: string, signal: AbortSignal) =>
    this.hall.ask(wire.DocumentList, 'GET', `/jobs/${room}/help/documents`, { signal });

  async sendPart(room: string, recording: string, n: number, part: Blob): Promise<void> {
    const response = await fetch(this.hall.url(`/jobs/${room}/recordings/${recording}/parts/${n}`), {
      method: 'PUT',
      headers: { ...this.hall.headers(), 'content-type': 'application/octet-stream' },
      body: part,
    });
    if (!response.ok) throw new Error(`The hall answers ${response.status}.`);
  }
  recording = (room: string, recording: string) => this.#file(`/jobs/${room}/recordings/${recording}`);
  /** WebVTT, with an interpreter's words where there are some in this language. */
  subtitles = (room: string, recording: string, language: string) =>
    this.#file(`/jobs/${room}/recordings/${recording}/subtitles.vtt?language=${encodeURIComponent(language)}`);

  async #file(path: string): Promise<Blob> {
    const response = await fetch(this.hall.url(path), { headers: this.hall.headers() });
    if (!response.ok) throw errorOf(response.status, await response.json().catch(() => undefined));
    return response.blob();
  }

  finishRecording = (room: string, recording: string, parts: number, type: string) =>
    this.hall.ask(wire.RecordingKept, 'POST', `/jobs/${room}/recordings/${recording}/finish`, {
      body: { parts, type },
    });
}
