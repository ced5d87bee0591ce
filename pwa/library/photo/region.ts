// A part of a photo as a rectangle, in hundredths of its width and height.

export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const SMALLEST = 1;
const WHOLE = 100;

/** The rectangle between two corners, wherever each of them is. */
export function between(from: [number, number], to: [number, number]): Region {
  const [across, down] = [0, 1].map((axis) =>
    [from[axis] as number, to[axis] as number].map((value) => Math.min(WHOLE, Math.max(0, value))).sort((a, b) => a - b),
  ) as [[number, number], [number, number]];
  return kept({ left: across[0], top: down[0], width: across[1] - across[0], height: down[1] - down[0] });
}

/** What an arrow key makes of it: moved, or with `grows` made wider, narrower, higher or lower. */
export function stepped(region: Region, key: string, grows: boolean, step: number): Region {
  const across = key === 'ArrowRight' ? step : key === 'ArrowLeft' ? -step : 0;
  const down = key === 'ArrowDown' ? step : key === 'ArrowUp' ? -step : 0;
  if (grows) return kept({ ...region, width: region.width + across, height: region.height + down });
  return kept({ ...region, left: region.left + across, top: region.top + down });
}

/** Within the photo, not too small, and in tenths. */
export function kept(region: Region): Region {
  const width = inTenths(Math.min(WHOLE, Math.max(SMALLEST, region.width)));
  const height = inTenths(Math.min(WHOLE, Math.max(SMALLEST, region.height)));
  return {
    left: inTenths(Math.min(WHOLE - width, Math.max(0, region.left))),
    top: inTenths(Math.min(WHOLE - height, Math.max(0, region.top))),
    width,
    height,
  };
}

function inTenths(value: number): number {
  return Math.round(value * 10) / 10;
}
