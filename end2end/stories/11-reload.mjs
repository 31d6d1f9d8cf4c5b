import assert from 'node:assert/strict';
import { alive } from '../lib/browser.mjs';
import { KIND, signUp, somebody } from '../lib/people.mjs';
import { link, openBuying, orderOf, pinSheet, pressPin, receipt } from '../lib/steps.mjs';

export default {
  name: 'a reload in the middle of the bank\'s answer loses nothing and buys once',
  async run(world) {
    const context = await world.context();
    const person = await signUp(context, world.outside, somebody());
    const before = await world.outside.mark();
    const page = await context.newPage();
    await openBuying(page, KIND.citywide);
    await orderOf(page, '30,000', '27,900원 결제하고 3만 원 사기');
    page.expected.push(/Failed to fetch|NetworkError|ERR_ABORTED/);
    const sent = page.waitForRequest('**/api/purchases/buy');
    await pressPin(pinSheet(page), person.pin);
    await sent;
    await page.reload();
    await page.goto('/');
    await alive(page);
    await link(page, new RegExp(`${KIND.citywide}.*(처리 중|은행 확인 중)`)).click();
    await page.waitForURL(/\/buy\/[0-9a-f-]{36}$/);
    await page.reload();
    await receipt(page);
    const debits = await world.outside.debitsSince(before);
    assert.deepEqual(debits.map((debit) => debit.amount_won), [27_900]);
  },
};
