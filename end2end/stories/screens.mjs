import assert from 'node:assert/strict';
import path from 'node:path';
import { alive, DESK, PHONE } from '../lib/browser.mjs';
import { barriers, flaws } from '../lib/look.mjs';
import { CAST, screens } from '../lib/scenes.mjs';

const LOOKS = [
  { name: 'phone-light', viewport: PHONE, colorScheme: 'light', axe: true },
  { name: 'phone-dark', viewport: PHONE, colorScheme: 'dark', axe: true },
  { name: 'desk-dark', viewport: DESK, colorScheme: 'dark', axe: false },
  { name: 'desk-light', viewport: DESK, colorScheme: 'light', axe: true },
];

export default {
  name: 'every screen, light and dark, on phone and desk: nothing cut off, nothing broken, no barrier',
  async run(world) {
    const found = [];
    const cast = await CAST(world);
    for (const screen of screens(world)) {
      const page = await cast[screen.who].newPage();
      try {
        await screen.before?.(page);
        await page.goto(screen.path);
        if (!screen.isPlain) await alive(page);
        await screen.act?.(page, cast);
        await page.evaluate(() => document.fonts.ready);
        for (const look of LOOKS) {
          await page.setViewportSize(look.viewport);
          await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' });
          const wrong = [...(await flaws(page)), ...(look.axe ? await barriers(page) : [])];
          found.push(...wrong.map((flaw) => `${screen.name} (${look.name}): ${flaw}`));
          // As on a phone that is tall enough: bars that stick to an edge are drawn where they belong.
          const height = await page.evaluate(() => document.scrollingElement.scrollHeight);
          if (!screen.isSheet) await page.setViewportSize({ ...look.viewport, height: Math.max(height, look.viewport.height) });
          await page.screenshot({ path: path.join(world.screens, `${screen.name}-${look.name}.png`) });
        }
      } catch (error) {
        found.push(`${screen.name}: ${error.message}`);
      }
      await page.close();
    }
    assert.deepEqual(found, [], found.join('\n'));
  },
};
