import assert from 'node:assert/strict';
import { alive } from '../lib/browser.mjs';
import { enterCity } from '../lib/city.mjs';
import { A4, assertSheets, print } from '../lib/paper.mjs';
import { buy, KIND, signUp, somebody } from '../lib/people.mjs';
import { businessNumber } from '../lib/shops.mjs';
import { button, heading, link, payOnPage, says } from '../lib/steps.mjs';
import { until } from '../lib/until.mjs';
import { assertPlayed, listen, nextSpoken, openShop, soundOn } from '../lib/voice.mjs';

const SHOP = '첫날분식';

async function signUpShop(page, world) {
  await page.goto('/merchant');
  await alive(page);
  await link(page, /가게 등록하기/).click();
  await page.getByLabel('사업자등록번호').fill(businessNumber('220819123'));
  await button(page, '확인하고 시작하기').click();
  await page.getByLabel('가게 이름').fill(SHOP);
  await page.getByLabel('업종').selectOption({ index: 2 });
  await page.getByLabel('자치구').selectOption('14');
  await page.getByLabel('주소').fill('서울 마포구 망원동 골목길 12, 1층');
  await button(page, '저장하고 다음으로').click();
  await heading(page, '가게 사진을 올려 주세요').waitFor();
  const buffer = await page.screenshot();
  await page.getByLabel('사진 파일').setInputFiles({ name: '가게.png', mimeType: 'image/png', buffer });
  await button(page, '사진 올리기').click();
  await heading(page, '정산받을 계좌를 확인해요').waitFor();
  await alive(page);
}

export default {
  name: 'a shop’s first day: signed up on the phone, let in by the city, its QR printed, paid, heard, and seen in its figures',
  async run(world) {
    const owner = await world.context();
    await listen(owner);
    const person = await signUp(owner, world.outside, somebody());
    const page = await owner.newPage();
    await signUpShop(page, world);

    // One won, and the code in its sender's name.
    await says(page, `예금주가 ${person.name} 님인 계좌만 쓸 수 있어요.`);
    await page.getByLabel('은행', { exact: true }).selectOption(person.bank);
    await page.getByLabel('계좌번호').fill(person.account);
    const mark = await world.outside.mark();
    await button(page, '1원 보내기').click();
    await says(page, /1원을 보냈어요/);
    const isOurs = ({ seq, amount_won }) => seq > mark && amount_won === 1;
    const won = await until('one won', 10_000, async () => (await world.outside.transactions()).find(isOurs));
    await page.getByLabel('숫자 네 자리').fill(won.memo.match(/\d{4}/)[0]);
    await button(page, '확인하기').click();
    await heading(page, '이대로 보낼까요?').waitFor();
    await says(page, SHOP);
    await button(page, '시에 신청하기').click();
    await says(page, /시에서 살펴보고 있어요/);
    const number = new URL(page.url()).pathname.split('/')[2];

    // No code before the city has said yes.
    await page.goto(`/merchant/${number}/qr`);
    await says(page, '아직 QR을 만들 수 없어요');
    const office = await world.context({ viewport: { width: 1280, height: 800 } });
    await enterCity(office, 'controller');
    const desk = await office.newPage();
    await desk.goto('/city/shops');
    await alive(desk);
    await link(desk, SHOP).click();
    await says(desk, person.name);
    await button(desk, '승인하기').click();
    await says(desk, '승인됨');
    const told = async () => (await world.outside.messages(person.phone)).some(({ text }) => text.includes(SHOP));
    await until('the owner to be told', 15_000, told);

    // On the wall and on the tables.
    for (const [paper, sheet] of [
      ['A4 포스터 · 한국어', 'poster-ko'],
      ['A4 포스터 · 영어', 'poster-en'],
      ['A6 스티커 4장 · 한국어', 'stickers-ko'],
    ]) {
      await page.goto(`/merchant/${number}/qr`);
      await alive(page);
      await link(page, paper).click();
      await page.waitForURL(/paper=/);
      assertSheets(await print(page, world, `print-${sheet}`), 1, A4);
    }

    // The first customer.
    await openShop(page, number);
    await soundOn(page);
    const citizen = await world.context();
    await signUp(citizen, world.outside, somebody());
    await buy(citizen, KIND.citywide, 100_000);
    const phone = await citizen.newPage();
    await phone.goto(`/pay/${number}`);
    await alive(phone);
    await says(phone, SHOP);
    const code = await payOnPage(phone, 8_500, '8,500원 결제하기', '246810');
    const first = await nextSpoken(page, 0);
    assert.equal(first.text, 'Pay+, 팔천오백 원 결제되었습니다.');
    await assertPlayed(page, first);
    await says(page, code);

    // What it makes of the day.
    await page.goto(`/merchant/${number}/sales`);
    await alive(page);
    await says(page, '8,500원');
    await page.goto(`/merchant/${number}/settlements`);
    await alive(page);
    await says(page, '8,500원');
  },
};
