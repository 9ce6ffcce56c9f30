/** The parts that hang in the workshop, in the order of their tools. How to write one: `bench.ts`. */
import type { MakePart } from './bench';
import { asItIs } from './now';

export const PARTS: MakePart[] = [asItIs];
