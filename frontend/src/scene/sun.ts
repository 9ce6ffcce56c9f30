/** The sun of one day, as the server computes it; between two quarters nothing is invented: the slider stops at each. */
import type { Api } from '../core/api';

export interface SunAt {
  /** Moment on the clock of the place, as `2026-07-01T14:00+02:00`. */
  time: string;
  azimuth_deg: number;
  elevation_deg: number;
}

export interface SunDay {
  date: string;
  time_zone: string;
  sunrise: string | null;
  sunset: string | null;
  positions: SunAt[];
}

/** The hour people know best: early in the afternoon of a summer day. */
export const START_HOUR = '14:00';

export async function sunDay(api: Api, lon: number, lat: number, date: string): Promise<SunDay> {
  const { data } = await api.get<SunDay>(`/sun?lon=${lon.toFixed(5)}&lat=${lat.toFixed(5)}&date=${date}`);
  return data;
}

/** 1 July of the year of this day. */
export const startDate = (today: Date): string => `${today.getFullYear()}-07-01`;

/** `14:00` of a moment of the server, without turning it into the time zone of the reader. */
export const clockOf = (moment: string): string => moment.slice(11, 16);

/** The position nearest to an hour of the day; -1 when the sun is not up that day. */
export function indexAt(positions: readonly SunAt[], hour: string): number {
  const wanted = minutes(hour);
  let best = -1;
  positions.forEach(({ time }, index) => {
    const gap = Math.abs(minutes(clockOf(time)) - wanted);
    if (best < 0 || gap < Math.abs(minutes(clockOf(positions[best]!.time)) - wanted)) best = index;
  });
  return best;
}

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** Unit vector from the ground to the sun, in the scene's axes (x east, y up, z south). */
export function direction({ azimuth_deg, elevation_deg }: SunAt): [number, number, number] {
  const [azimuth, elevation] = [(azimuth_deg * Math.PI) / 180, (elevation_deg * Math.PI) / 180];
  return [Math.sin(azimuth) * Math.cos(elevation), Math.sin(elevation), -Math.cos(azimuth) * Math.cos(elevation)];
}

/** Which of the eight winds an azimuth is, 0 for north and 2 for east. */
export const wind = (azimuth: number): number => Math.round(((azimuth % 360) + 360) / 45) % 8;
