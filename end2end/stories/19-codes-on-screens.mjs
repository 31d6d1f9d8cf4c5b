import assert from 'node:assert/strict';
import { alive, DESK } from '../lib/browser.mjs';
import { asMember, buy, DEMO, KIND, signUp, somebody } from '../lib/people.mjs';
import { button, codeShown, heading, link, pressPin, says } from '../lib/steps.mjs';
import { openShop } from '../lib/voice.mjs';

const SHOP = '모퉁이커피';

export default {
  name: 'a cashier asks for an amount, scans a payer’s code, and the owner gives a payment back',
  async run(world) {
    const number = world.shops[SHOP];
    const shop = await world.context({ viewport: DESK });
    await asMember(shop, world.outside, DEMO.owner);
    const till = await shop.newPage();
    const citizen = await world.context();
    await signUp(citizen, world.outside, somebody());
    await buy(citizen, KIND.citywide, 200_000);
    const phone = await citizen.newPage();

    // The shop's screen asks for an amount, and changes by itself.
    await openShop(till, number);
    await link(till, '금액 넣은 QR').click();
    await till.getByLabel('받을 금액').fill('32,000');
    await button(till, '32,000원 QR 만들기').click();
    await says(till, '남은 시간');
    const id = new URL(till.url()).pathname.split('/').at(-1);
    const asked = await shop.request.post('/api/merchant/asked', { form: { number, id }, headers: { accept: 'application/json' } });
    const { state } = await asked.json();
    await phone.goto('/pay');
    await alive(phone);
    await phone.getByLabel('가게 번호').fill(state.Good.code);
    await button(phone, '가게 찾기').click();
    await says(phone, SHOP);
    await says(phone, '32,000');
    await phone.getByRole('button', { name: '1', exact: true }).waitFor();
    await pressPin(phone, DEMO.citizen.pin);
    const first = await codeShown(phone);
    await says(till, '결제되었어요');
    await says(till, first);

    // The payer's own code, above the threshold: scanned here, confirmed there.
    await phone.goto('/pay/my-code');
    await alive(phone);
    await pressPin(phone, DEMO.citizen.pin);
    await phone.waitForURL(/\/pay\/my-code\/\d+$/);
    const digits = (await phone.locator('.my-code-digits').innerText()).trim();
    assert.match(digits, /^(\d{4} ){5}\d{4}$/);
    assert.equal(await phone.locator('svg.bars').count(), 1);
    await till.goto(`/merchant/${number}/take`);
    await alive(till);
    await till.getByLabel('받을 금액').fill('60,000');
    // A scanner types and ends with Enter.
    const field = till.getByLabel('손님의 코드 번호');
    await field.click();
    await till.keyboard.type(digits.replaceAll(' ', ''));
    await till.keyboard.press('Enter');
    await says(till, '손님이 자기 휴대폰에서 확인하고 있어요.');
    await says(phone, '가게에서 결제를 요청했어요');
    await button(phone, '60,000원 결제하기').click();
    const second = await codeShown(phone);
    await says(till, '결제되었어요');
    await says(till, second);

    // Given back, a part of it.
    await openShop(till, number);
    await till.locator('.live-row', { hasText: second }).getByRole('link').click();
    await heading(till, '결제 내용').waitFor();
    await till.getByLabel('얼마를 취소할까요?').fill('10,000');
    await button(till, '취소할 금액 확인하기').click();
    await button(till, '10,000원 결제 취소하기').click();
    await says(till, '결제를 취소했어요.');
    await says(till, '10,000원 취소됨');
    await phone.goto('/');
    await says(phone, '118,000');
  },
};
