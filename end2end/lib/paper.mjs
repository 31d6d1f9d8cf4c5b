// What a page becomes on paper.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/** In points, as PDF measures. */
export const A4 = [595, 842];

/** Prints the page as the browser does, keeps it beside the pictures, and gives the sizes of its sheets. */
export async function print(page, world, name) {
  const file = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  await writeFile(path.join(world.screens, `${name}.pdf`), file);
  const text = file.toString('latin1');
  const sheets = [...text.matchAll(/\/Type\s*\/Page\b[^]*?\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
  assert.ok(sheets.length > 0, `${name} has sheets`);
  return sheets.map(([, width, height]) => [Math.round(Number(width)), Math.round(Number(height))]);
}

/** Of so many sheets of this size, give or take a point. */
export function assertSheets(sheets, count, [width, height]) {
  const fits = sheets.every(([w, h]) => Math.abs(w - width) <= 2 && Math.abs(h - height) <= 2);
  assert.ok(sheets.length === count && fits, `${count} sheets of ${width} x ${height}: ${JSON.stringify(sheets)}`);
}
