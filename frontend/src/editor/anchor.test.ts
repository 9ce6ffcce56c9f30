import { describe, expect, it } from 'vitest';
import { clearOf, spot } from './anchor';

const room = { width: 800, height: 700 };
const card = { width: 360, height: 300 };

/** Whether the element's own tile (44 px) is free of the card. */
function free(at: { x: number; y: number }): boolean {
  const { left, top } = spot(at, card, room);
  return at.x + 22 <= left || at.x - 22 >= left + card.width || at.y + 22 <= top || at.y - 22 >= top + card.height;
}

describe('the card beside its element', () => {
  it('stands above, with room for the bar of tools', () => {
    // 500 - 300 high - 44 between = 156, which is below the bar (76).
    expect(spot({ x: 400, y: 500 }, card, room)).toEqual({ left: 220, top: 156, side: 'above' });
  });

  it('stands below when there is no room above', () => {
    expect(spot({ x: 400, y: 100 }, card, room)).toEqual({ left: 220, top: 144, side: 'below' });
  });

  it('stands beside when there is room neither above nor below', () => {
    expect(spot({ x: 100, y: 380 }, card, room)).toEqual({ left: 144, top: 230, side: 'right' });
    expect(spot({ x: 700, y: 380 }, card, room)).toEqual({ left: 296, top: 230, side: 'left' });
  });

  it('leaves its element free and stays on the map wherever there is room at one side', () => {
    for (let x = 20; x < 780; x += 20) {
      for (let y = 100; y < 690; y += 20) {
        const at = { x, y };
        const roomAtASide = y >= 420 || y <= 344 || x <= 320 || x >= 416;
        if (!roomAtASide) continue;
        expect(free(at), `${x}, ${y}`).toBe(true);
        const { left, top } = spot(at, card, room);
        expect(left >= 12 && top >= 76 && left + card.width <= 800 && top + card.height <= 700, `${x}, ${y}`).toBe(true);
      }
    }
  });

  it('never lies over the middle of its element where the map is low and there is no room at any side', () => {
    const low = { width: 770, height: 560 };
    const tall = { width: 364, height: 372 };
    for (let x = 30; x < 740; x += 10) {
      const { left, top } = spot({ x, y: 290 }, tall, low);
      expect(x <= left || x >= left + tall.width || 290 <= top || 290 >= top + tall.height, `${x}`).toBe(true);
    }
  });
});

describe('beside controls in the lower left corner', () => {
  const card = { width: 300, height: 200 };
  const room = { width: 900, height: 600 };
  const corner = { right: 360, top: 400 };

  it('keeps its place where it does not reach them', () => {
    expect(clearOf(corner, { left: 20, top: 100 }, card, room)).toEqual({ left: 20, top: 100 });
    expect(clearOf(corner, { left: 400, top: 380 }, card, room)).toEqual({ left: 400, top: 380 });
    expect(clearOf(null, { left: 20, top: 380 }, card, room)).toEqual({ left: 20, top: 380 });
  });

  it('moves to their right, as far as the map goes', () => {
    expect(clearOf(corner, { left: 20, top: 380 }, card, room)).toEqual({ left: 372, top: 380 });
    expect(clearOf(corner, { left: 20, top: 380 }, card, { width: 700, height: 600 })).toEqual({ left: 324, top: 380 });
  });
});
