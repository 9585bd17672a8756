/** Writes wire.fixture.json anew, after a change of the wire was decided: `node --conditions=source test/conformance/record.ts`. */
import { writeFileSync } from 'node:fs';
import { wireFixture } from './wire-fixture.ts';

writeFileSync(new URL('./wire.fixture.json', import.meta.url), `${JSON.stringify(wireFixture(), null, 2)}\n`);
