import assert from 'node:assert/strict';
import { alive } from '../lib/browser.mjs';
import { buy, KIND, signUp, somebody } from '../lib/people.mjs';
import { button, chooseKind, openBuying, orderOf, pinSheet, pressPin, says } from '../lib/steps.mjs';

export default {
  name: 'what is sold out is said with its figures, also to somebody who was about to buy',
  async run(world) {
    const slow = await world.context();
    const person = await signUp(slow, world.outside, somebody());
    const page = await slow.newPage();
    await openBuying(page, KIND.gangnam);
    await orderOf(page, '10,000', '9,000원 결제하고 1만 원 사기');

    const quick = await world.context();
    await signUp(quick, world.outside, somebody());
    await buy(quick, KIND.gangnam, 50_000);
    const before = await world.outside.mark();

    await pressPin(pinSheet(page), person.pin);
    await says(page, /준비한 금액이 모두 팔렸어요. \(.*시.* 기준, 5만 원 중 5만 원\)/);
    assert.deepEqual(await world.outside.debitsSince(before), [], 'nobody was charged for nothing');

    await page.reload();
    await alive(page);
    await chooseKind(page, KIND.gangnam, '모두 팔렸어요');
    await says(page, /준비한 금액이 모두 팔렸어요/);
    assert.equal(await button(page, /결제하고/).count(), 0, 'there is nothing to press');
  },
};
