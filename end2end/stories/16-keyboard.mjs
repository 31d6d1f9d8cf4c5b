import assert from 'node:assert/strict';
import { visit } from '../lib/browser.mjs';
import { KIND, signUp, somebody } from '../lib/people.mjs';
import { pinSheet, purchaseShown, receipt } from '../lib/steps.mjs';

const TABS_MOST = 60;

/** Presses Tab until what has the focus is called so. */
async function tabTo(page, name) {
  for (let tabs = 0; tabs < TABS_MOST; tabs += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator('*:focus');
    if ((await focused.count()) === 0) continue;
    const called = await focused.evaluate((element) => {
      const label = element.labels?.[0]?.innerText ?? '';
      return element.getAttribute('aria-label') ?? (label || element.innerText || '');
    });
    if (name.test(called.replaceAll(/\s+/g, ' ').trim())) {
      const ring = await focused.evaluate((element) => {
        const style = getComputedStyle(element);
        const around = getComputedStyle(element.parentElement);
        return [style, around].some(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none');
      });
      assert.ok(ring, `the focus on ${name} can be seen`);
      return;
    }
  }
  throw new Error(`Tab never came to ${name}`);
}

export default {
  name: 'a purchase with the keyboard alone, its focus always in sight',
  async run(world) {
    const context = await world.context();
    const person = await signUp(context, world.outside, somebody());
    const page = await context.newPage();
    await visit(page, '/');
    await tabTo(page, /본문으로 건너뛰기/);
    await tabTo(page, /^상품권 사기$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/buy/);
    await tabTo(page, /어떤 상품권을 살까요/);
    await page.keyboard.press('Enter');
    await tabTo(page, new RegExp(KIND.citywide));
    await page.keyboard.press('Enter');
    await page.waitForURL(/window=/);
    await tabTo(page, /얼마나 살까요/);
    await page.keyboard.type('10000');
    await tabTo(page, /^9,300원 결제하고 1만 원 사기$/);
    await page.keyboard.press('Enter');
    await pinSheet(page).waitFor();

    // Escape closes the sheet and the focus goes back to where it came from.
    await page.keyboard.press('Escape');
    await pinSheet(page).waitFor({ state: 'hidden' });
    assert.match(await page.locator('*:focus').innerText(), /9,300원 결제하고/);
    await page.keyboard.press('Enter');
    await pinSheet(page).waitFor();
    await tabTo(page, /PIN을 눌러 주세요/);
    await page.keyboard.type(person.pin);
    const purchase = await purchaseShown(page);
    await receipt(page);
    assert.equal((await world.outside.debits(purchase)).length, 1);
  },
};
