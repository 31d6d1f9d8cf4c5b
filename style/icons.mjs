// Draws the PNG icons in public/icons from public/favicon.svg: `node style/icons.mjs` after the sign has changed. The
// pictures are committed, so that neither a build nor a test needs this.

import { readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

const at = (path) => new URL(`../public/${path}`, import.meta.url).pathname;
const sign = readFileSync(at('favicon.svg'), 'utf8');
// Systems cut these into their own shapes: no corners of ours, and the sign inside the safe circle.
const filled = sign.replace(' rx="15"', '');
const safe = filled.replace('<path', '<g transform="translate(32 32) scale(.76) translate(-33.500 -32)"><path').replace('</svg>', '</g></svg>');

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const pictures = [
  ['icons/icon-192.png', sign, 192],
  ['icons/icon-512.png', sign, 512],
  ['icons/maskable-512.png', safe, 512],
  ['icons/apple-touch-icon.png', filled, 180],
  ['icons/favicon-32.png', sign, 32],
];
for (const [path, svg, side] of pictures) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${side}px;height:${side}px}</style>${svg}`);
  writeFileSync(at(path), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
execFileSync('convert', [at('icons/favicon-32.png'), at('favicon.ico')]);
