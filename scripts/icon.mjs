// Draws media/icon.png: a store of data, with the check mark of what survives. Run by hand after a change here.
import * as fs from 'node:fs';
import * as zlib from 'node:zlib';

const SIZE = 128;
const SAMPLES = 4;
const CLEAR = [0, 0, 0, 0];
const NIGHT = [16, 36, 63, 255];
const STEEL = [219, 231, 244, 255];
const GREEN = [46, 170, 106, 255];

const inRoundedSquare = (x, y) => {
  const radius = 24;
  const dx = Math.max(Math.abs(x - 64) - (64 - radius), 0);
  const dy = Math.max(Math.abs(y - 64) - (64 - radius), 0);
  return Math.hypot(dx, dy) <= radius;
};

/** Below zero inside the flat ellipse around (58, top). */
const ellipse = (x, y, top) => ((x - 58) / 36) ** 2 + ((y - top) / 12) ** 2 - 1;

function inCylinder(x, y) {
  const bottom = 94;
  const side = Math.abs(x - 58) <= 36 && y >= 34 && y <= bottom;
  return side || ellipse(x, y, 34) <= 0 || ellipse(x, y, bottom) <= 0;
}

/** The dark lines between the layers of the cylinder. */
const inSeam = (x, y) => [34, 54, 74].some((top) => y > top && Math.abs(Math.sqrt(ellipse(x, y, top) + 1) - 1) < 0.07);

function distance(x, y, [ax, ay], [bx, by]) {
  const t = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const clamped = Math.min(1, Math.max(0, t));
  return Math.hypot(x - ax - clamped * (bx - ax), y - ay - clamped * (by - ay));
}

const inCheck = (x, y) => Math.min(distance(x, y, [82, 94], [90, 102]), distance(x, y, [90, 102], [105, 84])) <= 4;

function colour(x, y) {
  if (!inRoundedSquare(x, y)) return CLEAR;
  const badge = Math.hypot(x - 93, y - 93);
  if (badge <= 23) return inCheck(x, y) ? STEEL : GREEN;
  if (badge <= 28) return NIGHT;
  return inCylinder(x, y) && !inSeam(x, y) ? STEEL : NIGHT;
}

function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < SAMPLES ** 2; i++) {
    const x = column + ((i % SAMPLES) + 0.5) / SAMPLES;
    const y = row + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES;
    const [red, green, blue, alpha] = colour(x, y);
    for (const [channel, value] of [red * alpha, green * alpha, blue * alpha, alpha].entries()) sum[channel] += value;
  }
  const alpha = sum[3];
  return [...sum.slice(0, 3).map((value) => (alpha ? Math.round(value / alpha) : 0)), Math.round(alpha / SAMPLES ** 2)];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE(zlib.crc32(body), body.length + 4);
  return out;
}

const rows = Array.from({ length: SIZE }, (_, row) => [
  0,
  ...Array.from({ length: SIZE }, (_, column) => pixel(column, row)).flat(),
]);
const header = Buffer.from([0, 0, 0, SIZE, 0, 0, 0, SIZE, 8, 6, 0, 0, 0]);
const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  chunk('IHDR', header),
  chunk('IDAT', zlib.deflateSync(Buffer.from(rows.flat()), { level: 9 })),
  chunk('IEND', Buffer.alloc(0)),
]);
const folder = new URL('../media/', import.meta.url);
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(new URL('icon.png', folder), png);
