// What a story works with: the house, and as many browsers' worth of people as it likes.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openContext } from './browser.mjs';
import { Line } from './line.mjs';
import { Outside } from './outside.mjs';
import { within } from './until.mjs';

const CLOSING_MS = 60_000;

/** Where pictures go. */
export const SCREENS = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../target/screens');

export class World {
  constructor(house, browser, film, shopNumbers) {
    Object.assign(this, { house, browser, film, shops: shopNumbers, contexts: [], lines: [] });
    this.base = house.base;
    this.outside = new Outside(house.outside, house.key);
    this.screens = SCREENS;
  }

  async context(settings) {
    const context = await openContext(this.browser, this.base, settings);
    this.contexts.push(context);
    return context;
  }

  /** A telephone line to the server, for a context of its own. */
  async line() {
    const line = await Line.to(this.base);
    this.lines.push(line);
    return line;
  }

  /** What the open pages say: where there is no picture, as in CI, that tells why a story waited in vain. */
  async #read(pages) {
    const read = async (page) => `${page.url()}\n${await page.locator('body').innerText({ timeout: 2_000 })}`;
    const texts = await Promise.allSettled(pages.map(read));
    return texts.map(({ value, reason }) => (value ?? `${reason}`).slice(0, 1_500)).join('\n---\n');
  }

  /** Everybody goes home; what went wrong on their pages. */
  async leave(name, failed) {
    const pages = this.contexts.flatMap((context) => context.pages());
    if (failed) {
      console.log(`the pages of ${name} say:\n${await this.#read(pages)}\n`);
      const file = (at) => path.join(SCREENS, 'failed', `${name}-${at}.png`);
      await Promise.allSettled(pages.map((page, at) => page.screenshot({ path: file(at), timeout: 5_000 })));
    }
    const troubles = this.contexts.flatMap((context) => context.troubles);
    await within(CLOSING_MS, 'closing the pages', Promise.allSettled(this.contexts.map((context) => context.close())));
    await Promise.all(this.lines.map((line) => line.cut()));
    [this.contexts, this.lines] = [[], []];
    return troubles;
  }
}
