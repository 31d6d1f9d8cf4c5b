import assert from 'node:assert/strict';
import { KIND, signUp, somebody } from '../lib/people.mjs';
import { heading, openBuying, orderOf, pinSheet, pressPin } from '../lib/steps.mjs';

export default {
  name: 'two tabs of one person race for the month limit, and it holds',
  async run(world) {
    const context = await world.context();
    const person = await signUp(context, world.outside, somebody());
    const before = await world.outside.mark();
    const tabs = [await context.newPage(), await context.newPage()];
    for (const page of tabs) {
      await openBuying(page, KIND.citywide);
      await orderOf(page, '300,000', '279,000원 결제하고 30만 원 사기');
      await pressPin(pinSheet(page), person.pin.slice(0, 5));
    }
    const last = (page) => pinSheet(page).getByRole('button', { name: person.pin[5], exact: true }).click();
    await Promise.all(tabs.map(last));
    const ends = await Promise.all(tabs.map((page) => Promise.race([
      heading(page, '상품권을 샀어요').waitFor().then(() => 'bought'),
      page.getByText('이번 달에는 10만 원까지 더 살 수 있어요.').first().waitFor().then(() => 'refused'),
    ])));
    assert.deepEqual(ends.sort(), ['bought', 'refused']);
    const debits = await world.outside.debitsSince(before);
    assert.deepEqual(debits.map((debit) => debit.amount_won), [279_000]);
  },
};
