import assert from 'node:assert/strict';
import { alive, DESK, visit } from '../lib/browser.mjs';
import { film } from '../lib/camera.mjs';
import { DEMO, KIND, signIn, somebody } from '../lib/people.mjs';
import { button, chooseKind, codeShown, heading, link, orderOf, pinSheet, pressPin, purchaseShown, receipt, says } from '../lib/steps.mjs';
import { assertPlayed, listen, nextSpoken, openShop, soundOn, spoken } from '../lib/voice.mjs';

const CAFE = '모퉁이커피';

export default {
  name: 'a citizen signs up, buys, pays by camera, and the shop hears it within two seconds',
  async run(world) {
    const context = await world.context();
    const page = await context.newPage();
    const person = somebody();

    await signUpOnPages(page, world.outside, person);

    await link(page, '상품권 사러 가기').click();
    await page.waitForURL('**/buy');
    await alive(page);
    await chooseKind(page, KIND.citywide);
    await button(page, '+10만').click();
    await orderOf(page, '100,000', '93,000원 결제하고 10만 원 사기');
    await says(pinSheet(page), /93,000원이 나가요/);
    await pressPin(pinSheet(page), person.pin);
    const purchase = await purchaseShown(page);
    await receipt(page);
    const debits = await world.outside.debits(purchase);
    assert.deepEqual(debits.map((debit) => debit.amount_won), [93_000], 'the bank moved the price, once');

    const counter = await shopOnTheCounter(world);
    await link(page, '바로 결제하기').click();
    // Where the camera is allowed it starts by itself (Chromium's stand-in for the question says yes).
    await page.waitForURL(`**/pay/${world.shops[CAFE]}`);
    await says(page, CAFE);
    await says(page, /마포구/);
    await page.getByLabel('얼마를 결제할까요?').fill('32000');
    await button(page, '32,000원 결제하기').click();
    await says(page, '32,000');
    await pressPin(page, person.pin);
    const code = await codeShown(page);

    const announcement = await nextSpoken(counter, 0);
    assert.equal(announcement.text, 'Pay+, 삼만 이천 원 결제되었습니다.');
    assert.deepEqual(announcement.clips.slice(0, 2), ['chime', 'payplus']);
    assert.equal(announcement.clips.at(-1), 'paid');
    await assertPlayed(counter, announcement);
    const row = counter.getByRole('listitem').filter({ hasText: code });
    const paidAt = Date.parse(await row.locator('time').getAttribute('datetime'));
    const late_ms = announcement.at - paidAt;
    assert.ok(late_ms >= 0 && late_ms < 2_000, `spoken ${late_ms} ms after the payment`);
    assert.match(await row.innerText(), /32,000/, 'the same code stands in the shop\'s list, with the amount');
    assert.equal((await spoken(counter)).length, 1, 'and it is spoken once');

    await visit(page, '/');
    await says(page, '68,000');
  },
};

async function shopOnTheCounter(world) {
  const context = await world.context({ viewport: DESK });
  await listen(context);
  await signIn(context, world.outside, DEMO.cashier);
  const page = await context.newPage();
  await visit(page, `/merchant/${world.shops[CAFE]}/qr`);
  await film(page, world.film);
  await openShop(page, world.shops[CAFE]);
  await soundOn(page);
  return page;
}

async function signUpOnPages(page, outside, person) {
  await visit(page, '/');
  await link(page, '휴대폰 번호로 시작하기').click();
  await page.getByLabel('휴대폰 번호').fill(person.phone);
  await button(page, '인증번호 받기').click();
  await heading(page, '인증번호를 적어 주세요').waitFor();
  // It is sent by itself with its sixth digit.
  await page.getByLabel('인증번호').fill(await outside.code(person.phone));
  await heading(page, '본인인지 확인할게요').waitFor();
  await page.getByLabel('이름').fill(person.name);
  await page.getByLabel('생년월일').fill(person.birth);
  await button(page, '본인 확인하기').click();
  await heading(page, '결제 PIN을 만들어요').waitFor();
  await pressPin(page, '123456');
  await says(page, /쉬|이어지는|다른 PIN/);
  await pressPin(page, person.pin);
  await page.getByLabel('한 번 더 눌러 주세요').waitFor();
  await pressPin(page, person.pin);
  await heading(page, '계좌를 연결해요').waitFor();
  await page.getByLabel('은행').selectOption({ label: '신한은행' });
  await page.getByLabel('계좌번호').fill(person.account);
  await button(page, '계좌 연결하기').click();
  await says(page, `${person.name}님, 준비가 끝났어요`);
}
