import assert from 'node:assert/strict';
import { alive, visit } from '../lib/browser.mjs';
import { buy, KIND, PIN, signUp, somebody } from '../lib/people.mjs';
import { button, heading, link, pressPin, says } from '../lib/steps.mjs';
import { until } from '../lib/until.mjs';

export default {
  name: 'a gift by link: given with a card, opened by somebody who signs up for it, accepted once, and thanked for',
  async run(world) {
    const giver = await world.context();
    await signUp(giver, world.outside, somebody());
    await buy(giver, KIND.citywide, 100_000);

    const page = await giver.newPage();
    await visit(page, '/');
    await page.locator('a.coupon', { hasText: KIND.citywide }).click();
    await link(page, '선물하기').click();
    await heading(page, '얼마를 선물할까요?').waitFor();
    await button(page, '전부').click();
    await says(page, '모두 100,000원');
    await page.getByLabel(/에 산 10만 원/).fill('30,000');
    await says(page, '모두 30,000원');
    await page.getByRole('radio', { name: /링크로/ }).check();
    assert.equal(await page.getByLabel(/받는 분 휴대폰/).isVisible(), false, 'a link needs no number');
    await page.locator('label.gift-choice', { hasText: '생일' }).click();
    await page.getByLabel(/전할 말/).fill('생일 축하해 <b>!</b>');
    await pressPin(page, PIN);
    await page.waitForURL(/\/gifts\/[0-9a-f-]{36}$/);
    await says(page, '생일 축하해 <b>!</b>');
    const address = await page.locator('.gift-link a').getAttribute('href');
    await visit(page, '/');
    await says(page, '70,000');

    // Whoever gets the link is no member yet.
    const friend = await world.context();
    const opened = await friend.newPage();
    await visit(opened, new URL(address).pathname);
    await says(opened, '로그인하면 선물을 받을 수 있어요.');
    await signUp(friend, world.outside, somebody());
    await opened.reload();
    await alive(opened);
    await button(opened, '선물 받기').click();
    await says(opened, /지갑에 들어 있어요/);
    await opened.getByLabel('고맙다고 전하기').fill('고마워!');
    await button(opened, '인사 보내기').click();
    await heading(opened, '내가 보낸 인사').waitFor();
    await link(opened, '내 상품권 보기').click();
    await says(opened, '30,000');

    await until('the sender to see the thanks', 5_000, async () => {
      await visit(page, '/gifts');
      await page.locator('a[href^="/gifts/"]').first().click();
      await says(page, '선물을 받았어요.');
      return page.getByText('고마워!').isVisible();
    });
  },
};
