import { z } from 'zod';
import * as courses from '#protocol/api/courses';
import { ExpertRuns } from '#protocol/api/experts';
import * as wire from '#protocol/api/training';
import type { Rubric } from '#protocol/procedures/index';
import type { Course } from '#protocol/training/index';
import type { HallApi } from './api.ts';

const Recordings = z.object({
  recordings: z.array(
    z.object({ person: z.string(), name: z.string(), fromMs: z.number(), toMs: z.number(), bytes: z.number() }),
  ),
});
export type Recording = z.infer<typeof Recordings>['recordings'][number];

/** Training rooms, their results, faults, recordings and courses over HTTP: what instructors and trainees use. */
export class TrainingApi {
  constructor(private readonly hall: HallApi) {}

  rooms = (project: string, signal?: AbortSignal) =>
    this.hall.ask(wire.TrainingRoomList, 'GET', `/projects/${project}/trainings`, kept(signal));
  open = (project: string, title: string, releases: readonly string[]) =>
    this.hall.ask(wire.TrainingRoomView, 'POST', `/projects/${project}/trainings`, { body: { title, releases } });
  room = (room: string, signal?: AbortSignal) =>
    this.hall.ask(wire.TrainingRoomView, 'GET', `/trainings/${room}`, kept(signal));
  /** Brings another release into the room. */
  load = (room: string, release: string) =>
    this.hall.ask(wire.TrainingRoomView, 'POST', `/trainings/${room}/procedures`, { body: { release } });

  results = (room: string, signal?: AbortSignal) =>
    this.hall.ask(wire.RunResults, 'GET', `/trainings/${room}/results`, kept(signal));
  /** Of all rooms of a project, newest first. */
  resultsOf = (project: string, signal?: AbortSignal) =>
    this.hall.ask(wire.RunResults, 'GET', `/projects/${project}/results`, kept(signal));
  /** dag-cbor `{ from, blocks }`: the whole journal. */
  journal = (room: string, signal?: AbortSignal) => this.hall.readBytes(`/trainings/${room}/journal`, signal);
  score = (room: string, run: string, signal?: AbortSignal) =>
    this.hall.ask(wire.ScoreView, 'GET', `/trainings/${room}/runs/${run}/score`, kept(signal));
  scoreAgain = (room: string, run: string, rubric: Rubric) =>
    this.hall.ask(wire.ScoreView, 'POST', `/trainings/${room}/runs/${run}/score`, { body: { rubric } });

  faults = (room: string, run: string, signal?: AbortSignal) =>
    this.hall.ask(wire.FaultList, 'GET', `/trainings/${room}/runs/${run}/faults`, kept(signal));
  setFault = (room: string, run: string, fault: string, isCleared: boolean) =>
    this.hall.ask(wire.FaultList, 'POST', `/trainings/${room}/runs/${run}/faults`, { body: { fault, isCleared } });

  recordings = (room: string, signal?: AbortSignal) =>
    this.hall.ask(Recordings, 'GET', `/trainings/${room}/recordings`, kept(signal));
  /** dag-cbor `{ chunks }` of a stretch of time, ms since 1970; see `protocol/training/recording.ts`. */
  motion = (room: string, person: string, fromMs: number, toMs: number, signal?: AbortSignal) =>
    this.hall.readBytes(`/trainings/${room}/recordings/${person}?from=${fromMs}&to=${toMs}`, signal);
  eraseMotion = (room: string, person: string) =>
    this.hall.ask(z.object({ chunks: z.number() }), 'DELETE', `/trainings/${room}/recordings/${person}`);

  /** Runs that may be followed, and one of them: dag-cbor `{ events, chunks }`. */
  experts = (room: string, signal?: AbortSignal) =>
    this.hall.ask(ExpertRuns, 'GET', `/trainings/${room}/experts`, kept(signal));
  expert = (room: string, run: string, signal?: AbortSignal) =>
    this.hall.readBytes(`/trainings/${room}/experts/${run}`, signal);
  markExpert = (room: string, run: string, isExpert: boolean) =>
    this.hall.ask(ExpertRuns, 'PUT', `/trainings/${room}/experts/${run}`, { body: { isExpert } });

  courses = (project: string, signal?: AbortSignal) =>
    this.hall.ask(courses.CourseList, 'GET', `/projects/${project}/courses`, kept(signal));
  createCourse = (project: string, course: Course) =>
    this.hall.ask(courses.CourseView, 'POST', `/projects/${project}/courses`, { body: { course } });
  saveCourse = (id: string, version: number, course: Course) =>
    this.hall.ask(courses.CourseView, 'PUT', `/courses/${id}`, { body: { version, course } });
  removeCourse = (id: string) => this.hall.ask(z.object({}), 'DELETE', `/courses/${id}`);
  assign = (
    id: string,
    to: { readonly people: readonly string[]; readonly groups: readonly string[]; readonly dueAt: number | null },
  ) => this.hall.ask(courses.Standings, 'POST', `/courses/${id}/assignments`, { body: to });
  standings = (id: string, signal?: AbortSignal) =>
    this.hall.ask(courses.Standings, 'GET', `/courses/${id}/standings`, kept(signal));
  groups = (project: string, signal?: AbortSignal) =>
    this.hall.ask(courses.GroupList, 'GET', `/projects/${project}/groups`, kept(signal));
  removeGroup = (id: string) => this.hall.ask(z.object({}), 'DELETE', `/groups/${id}`);
  saveGroup = (id: string, name: string, members: readonly string[]) =>
    this.hall.ask(courses.GroupView, 'PUT', `/groups/${id}`, { body: { name, members } });
  createGroup = (project: string, name: string, members: readonly string[]) =>
    this.hall.ask(courses.GroupView, 'POST', `/projects/${project}/groups`, { body: { name, members } });
}

const kept = (signal: AbortSignal | undefined) => (signal ? { signal } : {});
