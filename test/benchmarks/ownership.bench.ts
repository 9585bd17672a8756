import type { Area } from './figures.ts';
import { gas } from './ownership/gas.figures.ts';
import { mint } from './ownership/mint.figures.ts';
import { proof } from './ownership/proof.figures.ts';

/** What it costs to own a design and to prove that one does. */
const ownership: Area = { name: 'ownership', parts: [gas, mint, proof] };
export default ownership;
