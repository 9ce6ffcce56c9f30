/** The parts that hang in the workshop, in the order of their tools. How to write one: `bench.ts`. */
import type { MakePart } from './bench';
import { advice } from './advice';
import { measure } from './measure';
import { atAddress } from './addressPanel';
import { asItIs } from './now';
import { crossSection } from './section';
import { snapping } from './snapping';
import { solid } from './solid';

export const PARTS: MakePart[] = [snapping, measure, atAddress, advice, solid, crossSection, asItIs];
