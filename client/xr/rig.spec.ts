import { describe, expect, it } from 'vitest';
import { composePose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { arrivalEye } from '../scene/camera/arrival.ts';
import { distance, quatAbout, sub } from '../scene/vec.ts';
import { movedTo, rigFor, standingPlace, turnedAbout, yawOf, type Standing } from './rig.ts';

const head: Pose = { position: [0.4, 1.6, -0.2], rotation: quatAbout([0, 1, 0], 0.6) };
const pump = { min: [-0.25, 0, -0.1], max: [0.25, 0.3, 0.1] } as const;
const close = (a: Vec3, b: Vec3) => a.forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 6));

describe('entering the room', () => {
  it('puts a small design on a bench within reach of a person who sits or stands, facing it', () => {
    for (const headHeightM of [1.15, 1.7]) {
      const place = standingPlace({ design: pump, supportM: 0, eyeInRoom: [0, 1, 3], headHeightM, others: [] });
      const inRoom = composePose(rigFor({ ...head, position: [0.4, headHeightM, -0.2] }, place), {
        ...head,
        position: [0.4, headHeightM, -0.2],
      });
      expect(inRoom.position[0]).toBeCloseTo(0, 6);
      expect(inRoom.position[2]).toBeGreaterThan(0.45);
      expect(distance(inRoom.position, [0, 0.15, 0])).toBeLessThan(1);
      expect(inRoom.position[1]).toBeGreaterThan(0.3);
      expect(yawOf(inRoom.rotation)).toBeCloseTo(0, 6);
    }
  });

  it('has every design of up to 1.2 m in view of a level gaze, seated and standing: nothing lies at the feet', () => {
    for (const sizeM of [0.05, 0.3, 0.5, 0.8, 1.2])
      for (const heightM of [0.02, sizeM])
        for (const headHeightM of [1.15, 1.7]) {
          const design = { min: [-sizeM / 2, 0, -sizeM / 2], max: [sizeM / 2, heightM, sizeM / 2] } as const;
          const { feetInRoom, benchM } = standingPlace({
            ...{ design, supportM: 0, eyeInRoom: [0, 1, 3], headHeightM, others: [] },
          });
          expect(benchM).toBeGreaterThan(0);
          expect(feetInRoom[1]).toBe(-benchM);
          const awayM = Math.hypot(feetInRoom[0], feetInRoom[2]);
          const belowEyesM = feetInRoom[1] + headHeightM - heightM / 2;
          // The emulated headset shows 36 degrees below the horizon, a real one some 45.
          expect(Math.atan2(belowEyesM, awayM)).toBeLessThan((36 * Math.PI) / 180);
          expect(Math.atan2(belowEyesM, awayM)).toBeGreaterThan(-0.1);
        }
  });

  it('lets a machine stand on the floor', () => {
    const place = standingPlace({
      design: { min: [-1, 0, -1], max: [1, 2, 1] },
      supportM: 0,
      eyeInRoom: [5, 1, 0],
      headHeightM: 1.7,
      others: [],
    });
    expect(place.benchM).toBe(0);
    expect(place.feetInRoom[0]).toBeGreaterThan(2);
  });

  it('stands two who enter one after the other so that they face each other across the design', () => {
    const lens = { fovRad: 0.7, aspect: 1.6 };
    for (const design of [pump, { min: [-1, 0, -1], max: [1, 2, 1] } as const]) {
      const [one, two] = [1, 2].map((participant) =>
        standingPlace({
          design,
          supportM: 0,
          eyeInRoom: arrivalEye(design, lens, participant).position,
          headHeightM: 1.65,
          others: [],
        }),
      ) as [Standing, Standing];
      for (const [me, other] of [
        [one, two],
        [two, one],
      ]) {
        const [x, , z] = sub(other!.feetInRoom, me!.feetInRoom);
        const away = Math.hypot(x, z);
        expect(away).toBeGreaterThan(0.75);
        // A headset shows some 90 degrees: cos 45.
        expect((-Math.sin(me!.yawRad) * x - Math.cos(me!.yawRad) * z) / away).toBeGreaterThan(0.95);
      }
    }
  });

  it('never stands inside another person', () => {
    const first = standingPlace({ design: pump, supportM: 0, eyeInRoom: [0, 1, 3], headHeightM: 1.6, others: [] });
    const second = standingPlace({
      design: pump,
      supportM: 0,
      eyeInRoom: [0, 1, 3],
      headHeightM: 1.6,
      others: [[first.feetInRoom[0], 1.6, first.feetInRoom[2]]],
    });
    expect(
      Math.hypot(first.feetInRoom[0] - second.feetInRoom[0], first.feetInRoom[2] - second.feetInRoom[2]),
    ).toBeGreaterThan(0.3);
  });
});

describe('moving without walking', () => {
  const rig: Pose = { position: [2, -0.8, 1], rotation: quatAbout([0, 1, 0], 1.1) };

  it('turns about the head: the eyes stay where they are', () => {
    const before = composePose(rig, head);
    const turned = composePose(turnedAbout(rig, before.position, Math.PI / 6), head);
    close(turned.position, before.position);
    expect(Math.sin(yawOf(turned.rotation) - yawOf(before.rotation))).toBeCloseTo(0.5, 6);
  });

  it('teleports the head over the chosen point and keeps the eye height', () => {
    const before = composePose(rig, head);
    const after = composePose(movedTo(rig, before.position, [-1, -0.8, 4]), head);
    close(after.position, [-1, -0.8 + 1.6, 4]);
    close([yawOf(after.rotation), 0, 0], [yawOf(before.rotation), 0, 0]);
  });
});
