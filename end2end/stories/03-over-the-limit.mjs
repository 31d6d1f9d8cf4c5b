import assert from 'node:assert/strict';
import { buy, KIND, offer, refused, signUp, somebody } from '../lib/people.mjs';
import { button, openBuying, pinSheet, says } from '../lib/steps.mjs';

export default {
  name: 'over the month limit the page says how much is left, and so does the server',
  async run(world) {
    const context = await world.context();
    const person = await signUp(context, world.outside, somebody());
    await buy(context, KIND.citywide, 300_000);
    const before = await world.outside.mark();
    const page = await context.newPage();
    await openBuying(page, KIND.citywide);
    await says(page, '이번 달에 10만 원 더 살 수 있어요');
    await page.getByLabel('얼마나 살까요?').fill('200000');
    await button(page, /금액을 골라 주세요/).click();
    await says(page, '이번 달에는 10만 원까지 더 살 수 있어요.');
    assert.equal(await pinSheet(page).isVisible(), false, 'no PIN is asked for what can\'t be bought');

    // "최대" is what is left.
    await page.getByRole('button', { name: /최대/ }).click();
    await button(page, '93,000원 결제하고 10만 원 사기').filter({ visible: true }).waitFor();

    const { purchase, window } = await offer(context, KIND.citywide);
    const error = await refused(context, '/api/purchases/buy', { purchase, window, face: '110000', pin: person.pin });
    assert.match(error, /MonthLimit/, 'the server does not trust the page');
    assert.deepEqual(await world.outside.debitsSince(before), []);
  },
};
