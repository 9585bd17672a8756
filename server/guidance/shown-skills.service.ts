import { Injectable } from '@nestjs/common';
import type { Document } from '#protocol/document/index';
import { skillsIn, type ShownSkill } from '#protocol/guidance/index';
import { OpId, type RoomId, type UserId } from '#protocol/ids';
import { Credentials } from '../credentials/index.ts';
import { authorOf, HALL } from '../identity/index.ts';
import { Ids } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';

/** What people can do by their certificates (Open Badges 3.0 of this hall), put into a job's journal. */
@Injectable()
export class ShownSkills {
  constructor(
    private readonly credentials: Credentials,
    private readonly host: RoomHost,
    private readonly ids: Ids,
  ) {}

  async show(room: RoomId, people: readonly UserId[]): Promise<void> {
    const ops = await Promise.all(
      people.map(async (person) => this.shown({ person, skills: await this.skillsOf(person) })),
    );
    await this.host.submit(room, authorOf(HALL), ops);
  }

  /** The same for a job that waits for a skill: what was granted or taken back since, and nothing where all is as it was. */
  async showNews(room: RoomId, document: Document, people: readonly UserId[]): Promise<void> {
    const held = await Promise.all(people.map(async (person) => ({ person, skills: await this.skillsOf(person) })));
    const news = held.filter(({ person, skills }) => asText(skills) !== asText(skillsIn(document, person)));
    if (news.length > 0)
      await this.host.submit(
        room,
        authorOf(HALL),
        news.map((one) => this.shown(one)),
      );
  }

  private async skillsOf(person: UserId): Promise<ShownSkill[]> {
    const { certificates } = await this.credentials.ofPerson(person);
    return certificates
      .filter(({ revoked }) => revoked === null)
      .flatMap((one) =>
        one.skills.map(({ code, level }) => ({ code, level, validUntilMs: one.validUntil, certificate: one.id })),
      );
  }

  private shown(payload: { person: UserId; skills: readonly ShownSkill[] }) {
    return { id: OpId.parse(this.ids.next()), type: 'skill.show', payload };
  }
}

/** Whatever the order in which certificates are listed. */
const asText = (skills: readonly ShownSkill[]): string =>
  skills
    .map(({ code, level, validUntilMs, certificate }) => JSON.stringify([code, level, validUntilMs, certificate]))
    .toSorted()
    .join();
