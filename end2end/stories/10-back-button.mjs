import assert from 'node:assert/strict';
import { KIND, signUp, somebody } from '../lib/people.mjs';
import { button, buyOnPage, heading, receipt } from '../lib/steps.mjs';

export default {
  name: 'the back button after a purchase leads back to the page, not to a second purchase',
  async run(world) {
    const context = await world.context();
    const person = await signUp(context, world.outside, somebody());
    const before = await world.outside.mark();
    const page = await context.newPage();
    const purchase = await buyOnPage(page, KIND.citywide, '10,000', '9,300원 결제하고 1만 원 사기', person.pin);
    await receipt(page);
    await page.goBack();
    await heading(page, '상품권 사기').waitFor();
    await button(page, /금액을 골라 주세요|결제하고/).filter({ visible: true }).waitFor();
    await page.goForward();
    await page.waitForURL(`**/buy/${purchase}`);
    await receipt(page);
    await page.reload();
    await receipt(page);
    assert.deepEqual((await world.outside.debitsSince(before)).map((debit) => debit.id), [purchase]);

    // Back, and once more on purpose: another purchase with an id of its own.
    const again = await buyOnPage(page, KIND.citywide, '10,000', '9,300원 결제하고 1만 원 사기', person.pin);
    await receipt(page);
    assert.notEqual(again, purchase);
    assert.equal((await world.outside.debitsSince(before)).length, 2);
  },
};
