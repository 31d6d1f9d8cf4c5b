import assert from 'node:assert/strict';
import { alive } from '../lib/browser.mjs';
import { KIND, signUp, somebody } from '../lib/people.mjs';
import { buyOnPage, heading, link, receipt, says } from '../lib/steps.mjs';

export default {
  name: 'while the bank is slow the page can be left, and the receipt is there afterwards',
  async run(world) {
    const context = await world.context();
    const person = await signUp(context, world.outside, somebody());
    const page = await context.newPage();
    // The sandbox takes four seconds for this price.
    const purchase = await buyOnPage(page, KIND.citywide, '30,000', '27,900원 결제하고 3만 원 사기', person.pin);
    await heading(page, '사고 있어요').waitFor();
    await says(page, /닫아도 괜찮아요/);
    await page.getByRole('main').getByRole('link', { name: '홈으로 가기' }).click();
    await heading(page, '사고 있는 상품권').waitFor();
    const row = link(page, new RegExp(`${KIND.citywide}.*(처리 중|은행 확인 중)`));
    await row.click();
    await page.waitForURL(`**/buy/${purchase}`);
    await receipt(page);
    assert.equal((await world.outside.debits(purchase)).length, 1);
    await link(page, '지갑 보기').click();
    await says(page, '30,000');
    await page.reload();
    await alive(page);
    assert.equal(await heading(page, '사고 있는 상품권').count(), 0, 'nothing is under way any more');
  },
};
