// What a story works with: the house, and as many browsers' worth of people as it likes.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openContext } from './browser.mjs';
import { Outside } from './outside.mjs';

/** Where pictures go. */
export const SCREENS = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../target/screens');

export class World {
  constructor(house, browser, film, shopNumbers) {
    Object.assign(this, { house, browser, film, shops: shopNumbers, contexts: [] });
    this.base = house.base;
    this.outside = new Outside(house.outside, house.key);
    this.screens = SCREENS;
  }

  async context(settings) {
    const context = await openContext(this.browser, this.base, settings);
    this.contexts.push(context);
    return context;
  }

  /** Everybody goes home; what went wrong on their pages. */
  async leave(name, failed) {
    const pages = this.contexts.flatMap((context) => context.pages());
    if (failed) {
      const file = (at) => path.join(SCREENS, 'failed', `${name}-${at}.png`);
      await Promise.allSettled(pages.map((page, at) => page.screenshot({ path: file(at), timeout: 5_000 })));
    }
    const troubles = this.contexts.flatMap((context) => context.troubles);
    await Promise.allSettled(this.contexts.map((context) => context.close()));
    this.contexts = [];
    return troubles;
  }
}
