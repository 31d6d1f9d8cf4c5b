import assert from 'node:assert/strict';
import { alive, visit } from '../lib/browser.mjs';
import { buy, KIND, signUp, somebody } from '../lib/people.mjs';
import { heading, says } from '../lib/steps.mjs';
import { until } from '../lib/until.mjs';

export default {
  name: 'without a connection the page says so, with the wallet as of its time, and keeps nothing of money',
  async run(world) {
    const context = await world.context();
    await signUp(context, world.outside, somebody());
    await buy(context, KIND.citywide, 60_000);
    const page = await context.newPage();
    await visit(page, '/');
    await until('the service worker to have the page', 15_000, () => page.evaluate(() => Boolean(navigator.serviceWorker.controller)));
    await until('the offline page to be kept', 15_000, () => page.evaluate(async () => Boolean(await caches.match('/offline'))));

    page.expected.push(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/);
    await context.setOffline(true);
    await page.goto('/history').catch(() => page.goto('/history'));
    await heading(page, '인터넷이 끊겼어요').waitFor();
    await says(page, /마지막 잔액은 오(전|후) \d+시( \d+분)? 기준이에요\./);
    await says(page, '60,000원');
    await says(page, KIND.citywide);
    assert.equal(new URL(page.url()).pathname, '/history', 'it stands at the address that was wanted');

    const kept = await page.evaluate(async () => {
      const lists = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      return lists.flat().map(({ url }) => new URL(url).pathname);
    });
    const harmless = /^\/(offline|offline\.js|favicon\.svg|fonts\/.*|pkg\/.*)$/;
    assert.deepEqual(kept.filter((path) => !harmless.test(path)), [], 'no page and no answer is kept');

    await context.setOffline(false);
    // By itself, where the person wanted to go.
    await alive(page);
    assert.equal(new URL(page.url()).pathname, '/history');
    await visit(page, '/');
    await says(page, '60,000');
  },
};
