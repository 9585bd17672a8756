import { connectRoom, type RoomSession, type TrainingSession } from '#net/index';
import { connectTraining } from '#net/training';
import type { Part } from '#protocol/design/index';
import { initialShape, type ParametricKind } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import type { Device } from '#protocol/room/index';

/** A signed-in person as the tests see one: a name, a token, and plain requests. */
export interface Person {
  readonly name: string;
  readonly token: string;
  readonly id: string;
  readonly hallUrl: string;
  /** JSON in, JSON out; throws with status and problem key on anything but 2xx. */
  ask<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  enter(room: string, device?: Device): Promise<RoomSession>;
  /** Into a training room. */
  train(room: string): Promise<TrainingSession>;
  /** The same person by another address of the hall. */
  at(hallUrl: string): Person;
}

export class AskFailed extends Error {
  readonly status: number;
  readonly key: string;

  constructor(status: number, key: string, message: string) {
    super(`${status} ${key}: ${message}`);
    this.status = status;
    this.key = key;
  }
}

export async function signIn(hallUrl: string, name: string): Promise<Person> {
  const { token, me } = await ask<{ token: string; me: { id: string } }>(hallUrl, null, 'POST', '/api/session/guest', {
    name,
  });
  return personAt(hallUrl, name, token, me.id);
}

function personAt(hallUrl: string, name: string, token: string, id: string): Person {
  return {
    name,
    token,
    id,
    hallUrl,
    at: (otherUrl) => personAt(otherUrl, name, token, id),
    ask: (method, path, body) => ask(hallUrl, token, method, path, body),
    enter: (room, device = 'bot') => connectRoom({ hallUrl, token, room, device }),
    train: (room) => connectTraining({ hallUrl, token, room, device: 'bot' }),
  };
}

async function ask<T>(hallUrl: string, token: string | null, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(hallUrl + path, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = (text ? JSON.parse(text) : {}) as T & { key?: string; message?: string };
  if (!answer.ok) throw new AskFailed(answer.status, json.key ?? '', json.message ?? text);
  return json;
}

/** A project of `owner` with `others` in it as designers. */
export async function openProject(
  owner: Person,
  others: readonly Person[] = [],
  role = 'designer',
): Promise<{ project: string; room: string }> {
  const { id: project, room } = await owner.ask<{ id: string; room: string }>('POST', '/api/projects', {
    title: 'Pump',
    description: '',
  });
  for (const other of others) {
    const { token } = await owner.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, { role });
    await other.ask('POST', `/api/invitations/${token}/accept`);
  }
  return { project, room };
}

export function solid(id: string, kind: ParametricKind = 'box', more: Partial<Part> = {}): Part {
  return {
    id: PartId.parse(id),
    parent: null,
    name: id,
    order: 'a0',
    poseInParent: { position: [0, 0, 0], rotation: [0, 0, 0, 1] },
    hidden: false,
    material: { preset: 'steel', color: '#8899aa' },
    shape: initialShape(kind),
    ...more,
  };
}

/** Waits until something is true; fails with what was waited for. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
