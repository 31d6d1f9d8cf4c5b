import assert from 'node:assert/strict';
import { alive, visit } from '../lib/browser.mjs';
import { buy, KIND, pay, PIN, signUp, somebody } from '../lib/people.mjs';
import { heading, link, pressPin, says } from '../lib/steps.mjs';
import { until } from '../lib/until.mjs';

export default {
  name: 'the wallet says what would come back, and once enough is spent it comes back, once, whatever the bank does',
  async run(world) {
    const context = await world.context();
    await signUp(context, world.outside, somebody());
    await buy(context, KIND.citywide, 100_000);
    const cafe = world.shops['모퉁이커피'];
    await pay(context, cafe, 40_000);

    const page = await context.newPage();
    await visit(page, '/');
    await page.locator('a.coupon', { hasText: KIND.citywide }).click();
    await page.waitForURL('**/vouchers/*');
    await says(page, '20,000원 더 쓰면 37,200원을 돌려받을 수 있어요.');

    await pay(context, cafe, 20_000);
    await page.reload();
    await alive(page);
    await link(page, '37,200원 환불받기').click();
    await heading(page, '환불').waitFor();
    await says(page, '내 계좌로 돌아오는 돈');
    await pressPin(page, '975310');
    await says(page, /PIN이 맞지 않아요/);
    // The bank pays, and its answer is lost.
    await world.outside.fault({ service: 'bank', operation: 'credit', fault: 'drop_after', times: 1 });
    await pressPin(page, PIN);
    await page.waitForURL('**/refunds/*');
    const refund = new URL(page.url()).pathname.split('/').at(-1);
    await heading(page, '환불했어요').waitFor({ timeout: 30_000 });
    const credits = async () => (await world.outside.transactions()).filter(({ kind, id }) => kind === 'credit' && id === refund);
    assert.deepEqual((await credits()).map((credit) => credit.amount_won), [37_200], 'the bank paid it, once');

    await visit(page, '/history');
    await says(page, '환불 완료');
    await visit(page, '/');
    await until('the wallet to be empty', 5_000, async () => !(await page.locator('a.coupon').count()));
  },
};
