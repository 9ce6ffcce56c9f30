/** A ballot while somebody fills it in: what is chosen, what is left, and what does not go together. No page, no map. */
export type Kind = 'approval' | 'ranking' | 'points' | 'budget';

export interface Option {
  code: string;
  title: string;
  /** Euros. */
  cost: number;
}

export interface Rules {
  kind: Kind;
  /** In the order in which this voter sees them. */
  options: Option[];
  /** Options of which at most one can win. */
  conflicts: [string, string][];
  min: number;
  max: number;
  /** Points to hand out; 0 for other kinds. */
  points: number;
  /** Euros that a budget ballot may spend; 0 for other kinds. */
  budget: number;
}

/** Chosen options with their number: 1 for a tick, the place of a ranking, the points. */
export type Chosen = Record<string, number>;

export interface Sum {
  count: number;
  cost: number;
  /** Euros of the budget, points, or choices that are left; negative is too many. */
  left: number;
  points: number;
}

export const isRanking = (rules: Rules): boolean => rules.kind === 'ranking';

/** The codes of a ranking from the first place on; of other kinds in the order of the list. */
export function listed(rules: Rules, chosen: Chosen): string[] {
  const codes = rules.options.map((option) => option.code).filter((code) => (chosen[code] ?? 0) > 0);
  return isRanking(rules) ? codes.sort((a, b) => chosen[a]! - chosen[b]!) : codes;
}

export function sum(rules: Rules, chosen: Chosen): Sum {
  const codes = listed(rules, chosen);
  const cost = rules.options.filter(({ code }) => codes.includes(code)).reduce((total, option) => total + option.cost, 0);
  const points = rules.kind === 'points' ? codes.reduce((total, code) => total + chosen[code]!, 0) : 0;
  const left = { budget: rules.budget - cost, points: rules.points - points, approval: rules.max - codes.length, ranking: rules.max - codes.length };
  return { count: codes.length, cost, points, left: left[rules.kind] };
}

/** Euros by which an option that is not chosen would go over the budget; 0 where it fits. */
export function tooDear(rules: Rules, chosen: Chosen, code: string): number {
  if (rules.kind !== 'budget' || chosen[code]) return 0;
  const option = rules.options.find((one) => one.code === code);
  return Math.max(0, (option?.cost ?? 0) - sum(rules, chosen).left);
}

/** The options that cannot win together with this one. */
export function against(rules: Rules, code: string): string[] {
  return rules.conflicts.filter((pair) => pair.includes(code)).map(([a, b]) => (a === code ? b : a));
}

/** Pairs of which both are chosen though at most one can win. */
export function clashes(rules: Rules, chosen: Chosen): [string, string][] {
  return rules.conflicts.filter(([a, b]) => chosen[a] && chosen[b]);
}

function ranked(codes: string[]): Chosen {
  return Object.fromEntries(codes.map((code, index) => [code, index + 1]));
}

/** The ranking with `code` at a place from 1; the others make room. Place 0 takes it off. */
export function put(rules: Rules, chosen: Chosen, code: string, place: number): Chosen {
  const others = listed(rules, chosen).filter((one) => one !== code);
  if (place < 1) return ranked(others);
  others.splice(Math.min(place, others.length + 1) - 1, 0, code);
  return ranked(others);
}

/** One place up (-1) or down (1). */
export function move(rules: Rules, chosen: Chosen, code: string, by: number): Chosen {
  const place = chosen[code] ?? 0;
  const last = listed(rules, chosen).length;
  return place === 0 || place + by < 1 || place + by > last ? chosen : put(rules, chosen, code, place + by);
}

/** The other way round: ticked or not, at the end of the ranking or off it. */
export function toggle(rules: Rules, chosen: Chosen, code: string): Chosen {
  if (isRanking(rules)) return put(rules, chosen, code, chosen[code] ? 0 : listed(rules, chosen).length + 1);
  const { [code]: had, ...others } = chosen;
  return had ? others : { ...chosen, [code]: 1 };
}

/** So many points more or less, never under 0. */
export function give(chosen: Chosen, code: string, points: number): Chosen {
  const { [code]: _had, ...others } = chosen;
  return points > 0 ? { ...others, [code]: points } : others;
}

/** What a browser kept, as far as it is still a choice of this round. */
export function known(rules: Rules, kept: unknown): Chosen {
  if (typeof kept !== 'object' || kept === null) return {};
  const most = rules.kind === 'points' ? rules.points : rules.options.length;
  const found: Chosen = {};
  for (const { code } of rules.options) {
    const value = (kept as Record<string, unknown>)[code];
    if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most) found[code] = value as number;
  }
  return isRanking(rules) ? ranked(listed(rules, found)) : found;
}
