import assert from 'node:assert/strict';
import { asMember, DEMO, KIND, somebody } from '../lib/people.mjs';
import { chooseKind, heading, link, says } from '../lib/steps.mjs';

export default {
  name: 'without JavaScript: sign-up, a wrong PIN, a purchase, its receipt, and a payment by number',
  async run(world) {
    const context = await world.context({ javaScriptEnabled: false });
    const page = await context.newPage();
    const person = somebody();
    const press = (name) => page.getByRole('button', { name, exact: true }).filter({ visible: true }).click();

    await page.goto('/');
    await link(page, '휴대폰 번호로 시작하기').click();
    await page.getByLabel('휴대폰 번호').fill('02-123');
    await press('인증번호 받기');
    await page.getByRole('alert').filter({ hasText: /번호/ }).waitFor();
    await page.getByLabel('휴대폰 번호').fill(person.phone);
    await press('인증번호 받기');
    await page.getByLabel('인증번호').fill(await world.outside.code(person.phone));
    await press('인증번호 확인하기');
    await page.getByLabel('이름').fill(person.name);
    await page.getByLabel('생년월일').fill(person.birth);
    await press('본인 확인하기');
    await page.getByLabel('새 PIN 여섯 자리').fill(person.pin);
    await page.getByLabel('한 번 더 눌러 주세요').fill(person.pin);
    await press('이 PIN으로 정하기');
    await page.getByLabel('은행').selectOption({ label: '카카오뱅크' });
    await page.getByLabel('계좌번호').fill(person.account);
    await press('계좌 연결하기');
    await says(page, `${person.name}님, 준비가 끝났어요`);
    await link(page, '상품권 사러 가기').click();

    await chooseKind(page, KIND.citywide);
    await page.getByLabel('얼마나 살까요?').fill('100000');
    await page.getByRole('textbox', { name: 'PIN을 눌러 주세요' }).fill('975310');
    await page.getByRole('button', { name: /사기|금액을 골라/ }).filter({ visible: true }).click();
    await page.getByRole('alert').filter({ hasText: 'PIN이 맞지 않아요. 4번 더 해 볼 수 있어요.' }).waitFor();
    assert.equal((await page.content()).includes('975310'), false, 'a PIN is not sent back');
    await chooseKind(page, KIND.citywide);
    await page.getByLabel('얼마나 살까요?').fill('100000');
    await page.getByRole('textbox', { name: 'PIN을 눌러 주세요' }).fill(person.pin);
    await page.getByRole('button', { name: /사기|금액을 골라/ }).filter({ visible: true }).click();
    await heading(page, '상품권을 샀어요').waitFor();
    const purchase = new URL(page.url()).pathname.split('/').at(-1);
    assert.deepEqual((await world.outside.debits(purchase)).map((debit) => debit.amount_won), [93_000]);

    await page.goto('/pay');
    await page.getByLabel('가게 번호').fill('1234 5678');
    await press('가게 찾기');
    await page.getByRole('alert').filter({ hasText: /번호/ }).waitFor();
    await page.getByLabel('가게 번호').fill(world.shops['모퉁이커피']);
    await press('가게 찾기');
    await says(page, '모퉁이커피');
    await page.getByLabel('얼마를 결제할까요?').fill('4800');
    await page.getByRole('button', { name: /결제하기|금액을 적어/ }).click();
    await page.getByRole('textbox', { name: 'PIN을 눌러 주세요' }).fill(person.pin);
    await press('4,800원 결제하기');
    await says(page, '모퉁이커피에 결제했어요');
    const code = await page.locator('.pulse-digits').getAttribute('aria-label');

    const shop = await world.context({ javaScriptEnabled: false });
    await asMember(shop, world.outside, DEMO.owner);
    const today = await shop.newPage();
    await today.goto(`/merchant/${world.shops['모퉁이커피']}`);
    await today.getByRole('listitem').filter({ hasText: code }).waitFor();
  },
};
