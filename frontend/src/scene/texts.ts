/** The sentences of the 3D view; apart from `core/texts.ts`, because they come with the 3D view and not before. */
const nl = {
  canvas: 'Straat in 3D: {place}',
  help: 'Pijltjestoetsen schuiven, met Shift draaien en kantelen ze. Is er iets gekozen, dan verschuiven ze dat. Plus en min zoomen. Enter kiest of plaatst bij het kruis. Alles staat ook in de lijst.',
  light: 'Licht en groei',
  hour: 'Tijd',
  hourShadow: '{time} uur, de zon staat in het {wind}, {height} graden hoog',
  date: 'Dag',
  more: 'Andere dag, uitleg',
  sunUp: 'Zon op {up}, onder {down}',
  sunNone: 'Op deze dag komt de zon hier niet op.',
  sunAlways: 'Op deze dag gaat de zon hier niet onder.',
  sunFailed: 'De stand van de zon laadt niet. De schaduw klopt nu niet.',
  age: 'Nieuwe bomen',
  age0: 'nu geplant',
  age10: 'na 10 jaar',
  age20: 'na 20 jaar',
  ageIs: 'Nieuwe bomen: {age}.',
  growth: 'Groei is een aanname. Bomen die er staan blijven even groot.',
  legend: 'Wat je ziet',
  legendBuilding: 'gebouw, hoogte bekend',
  legendEstimated: 'gebouw, hoogte geschat',
  legendWidth: 'gestippeld: breedte geschat',
  legendTree: 'boom die er staat',
  legendNew: 'nieuw in dit ontwerp',
  legendGone: 'gaat weg',
  turnLeft: 'Draai naar links',
  turnRight: 'Draai naar rechts',
  tiltUp: 'Kijk vlakker',
  tiltDown: 'Kijk meer van boven',
  again: 'Terug naar het begin',
  partial: 'Deze omgeving is groot: alleen het deel rond de opgave is getekend.',
  winds: 'noorden,noordoosten,oosten,zuidoosten,zuiden,zuidwesten,westen,noordwesten',
} as const;

export type SceneKey = keyof typeof nl;

const en: Record<SceneKey, string> = {
  canvas: 'Street in 3D: {place}',
  help: 'Arrow keys pan; with Shift they turn and tilt. When something is chosen they move that. Plus and minus zoom. Enter picks or places at the cross. Everything is in the list too.',
  light: 'Light and growth',
  hour: 'Time',
  hourShadow: '{time}, the sun is in the {wind}, {height} degrees high',
  date: 'Day',
  more: 'Another day, explanation',
  sunUp: 'Sun up {up}, down {down}',
  sunNone: 'On this day the sun does not rise here.',
  sunAlways: 'On this day the sun does not set here.',
  sunFailed: 'The position of the sun does not load. The shadow is not right now.',
  age: 'New trees',
  age0: 'just planted',
  age10: 'after 10 years',
  age20: 'after 20 years',
  ageIs: 'New trees: {age}.',
  growth: 'Growth is an assumption. Trees that are there stay the same size.',
  legend: 'What you see',
  legendBuilding: 'building, height known',
  legendEstimated: 'building, height estimated',
  legendWidth: 'dotted: width estimated',
  legendTree: 'tree that is there',
  legendNew: 'new in this design',
  legendGone: 'goes',
  turnLeft: 'Turn left',
  turnRight: 'Turn right',
  tiltUp: 'Look more level',
  tiltDown: 'Look more from above',
  again: 'Back to the beginning',
  partial: 'This neighbourhood is large: only the part around the assignment is drawn.',
  winds: 'north,north-east,east,south-east,south,south-west,west,north-west',
};

const dictionary: Record<SceneKey, string> =
  typeof document !== 'undefined' && document.documentElement.lang.toLowerCase().startsWith('en') ? en : nl;

export function s(key: SceneKey, values: Record<string, string | number> = {}): string {
  return dictionary[key].replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
