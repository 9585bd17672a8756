import { expect, it } from 'vitest';
import { titleOfFile } from './title-of-file.ts';

it.each([
  ['planetary-gearbox.step', 'Planetary gearbox'],
  ['hub_carrier.v2.STEP', 'Hub carrier.v2'],
  ['PLANETARY_GEARBOX.STP', 'Planetary gearbox'],
  ['BRK-2041_rev3.stp', 'BRK-2041 rev3'],
  ['as1-oc-214.stp', 'As1-oc-214'],
  ['iPump housing.glb', 'iPump housing'],
  ['BMW.glb', 'BMW'],
  ['my%20part.stl', 'My part'],
  ['行星_齿轮箱.step', '行星 齿轮箱'],
  ['.step', ''],
])('proposes for %s the title %s', (file, title) => expect(titleOfFile(file)).toBe(title));
