// The screens of Pay+, each with whom it is shown to and what is done on it before it is looked at.

import { asMember, buy, DEMO, give, KIND, pay, PIN, signUp, somebody } from './people.mjs';
import { enterCity } from './city.mjs';
import { businessNumber } from './shops.mjs';
import { button, chooseKind, heading, pinSheet, pressPin, says } from './steps.mjs';
import { listen, soundOn } from './voice.mjs';

/** Contexts of the people who look. */
export async function CAST(world) {
  const { outside } = world;
  const open = async (prepare) => {
    const context = await world.context();
    await prepare?.(context);
    return context;
  };
  const cafe = world.shops['모퉁이커피'];
  const friend = somebody();
  const cast = {
    stranger: await open(),
    proven: await open((context) => signUp(context, outside, somebody(), 'code')),
    verified: await open((context) => signUp(context, outside, somebody(), 'identity')),
    withPin: await open((context) => signUp(context, outside, somebody(), 'pin')),
    newcomer: await open((context) => signUp(context, outside, somebody())),
    idle: await open((context) => signUp(context, outside, somebody())),
    citizen: await open((context) => asMember(context, outside, DEMO.citizen)),
    longAgo: await open((context) => asMember(context, outside, DEMO.longAgo)),
    buyer: await open((context) => signUp(context, outside, somebody())),
    giver: await open((context) => signUp(context, outside, somebody())),
    friend: await open((context) => signUp(context, outside, friend)),
    owner: await open(async (context) => {
      await listen(context);
      await asMember(context, outside, DEMO.owner);
    }),
    otherOwner: await open((context) => asMember(context, outside, DEMO.otherOwner)),
  };
  cast.planner = await open((context) => enterCity(context, 'planner'));
  cast.controller = await open((context) => enterCity(context, 'controller'));
  cast.auditor = await open((context) => enterCity(context, 'auditor'));
  // A member on a device that is new: between code and PIN.
  cast.returning = await open((context) => signUp(context, outside, DEMO.cashier, 'code'));
  cast.paid = await pay(cast.citizen, cafe, 3_200);
  cast.posted = await buy(cast.buyer, KIND.citywide, 60_000);
  await buy(cast.giver, KIND.citywide, 60_000);
  cast.given = await give(cast.giver, KIND.citywide, 20_000, { message: '생일 축하해!\n맛있는 거 사 먹어.' });
  await give(cast.giver, KIND.citywide, 5_000, { to: friend.phone, message: '고마워', card: 'thanks' });
  cast.voided = await buy(cast.buyer, KIND.citywide, 80_000);
  return cast;
}

/** `isSheet`: something stands over the page, which is not shown in its whole length. `isPlain`: a page without any script. */
export function screens(world) {
  const cafe = world.shops['모퉁이커피'];
  const quiet = world.shops['망원책방'];
  const pending = world.shops['새봄빵집'];
  const closed = world.shops['달빛세탁소'];
  const openSheet = async (page) => {
    await chooseKind(page, KIND.citywide);
    await page.getByLabel('얼마나 살까요?').fill('100,000');
    await button(page, '93,000원 결제하고 10만 원 사기').filter({ visible: true }).click();
    await pinSheet(page).waitFor();
  };
  const toLots = async (page) => {
    await page.locator('a.coupon').first().click();
    await page.waitForURL('**/vouchers/*');
  };
  const toRefund = async (page, card) => {
    await toLots(page);
    await page.locator(`${card} a`).first().click();
    await says(page, '내 계좌로 돌아오는 돈');
  };
  return [
    { name: '80-city-start', who: 'stranger', path: '/city/start' },
    { name: '81-city-day', who: 'planner', path: '/city' },
    { name: '82-city-new', who: 'planner', path: '/city/plans/new' },
    { name: '83-city-log', who: 'auditor', path: '/city/log' },
    { name: '84-city-not-mine', who: 'planner', path: '/city/log' },
    { name: '85-city-partners', who: 'controller', path: '/city/partners' },
    { name: '86-partner-docs', who: 'stranger', path: '/partner/docs', isPlain: true },
    { name: '00-welcome', who: 'stranger', path: '/' },
    { name: '01-start-phone', who: 'stranger', path: '/start' },
    {
      name: '02-start-phone-wrong',
      who: 'stranger',
      path: '/start',
      act: async (page) => {
        await page.getByLabel('휴대폰 번호').fill('02-123');
        await button(page, '인증번호 받기').click();
        await page.getByRole('alert').filter({ hasText: /번호/ }).waitFor();
      },
    },
    {
      name: '03-start-code',
      who: 'stranger',
      path: '/start',
      act: async (page) => {
        await page.getByLabel('휴대폰 번호').fill(somebody().phone);
        await button(page, '인증번호 받기').click();
        await heading(page, '인증번호를 적어 주세요').waitFor();
      },
    },
    { name: '04-start-identity', who: 'proven', path: '/start/identity' },
    { name: '05-start-pin', who: 'verified', path: '/start/pin' },
    { name: '06-start-bank', who: 'withPin', path: '/start/bank' },
    { name: '07-start-done', who: 'newcomer', path: '/start/welcome' },
    { name: '08-start-confirm', who: 'returning', path: '/start/confirm' },
    { name: '10-home', who: 'citizen', path: '/' },
    { name: '11-home-empty', who: 'newcomer', path: '/' },
    { name: '20-buy', who: 'citizen', path: '/buy' },
    {
      name: '21-buy-amount',
      who: 'citizen',
      path: '/buy',
      act: async (page) => {
        await chooseKind(page, KIND.citywide);
        await button(page, '+10만').click();
      },
    },
    {
      name: '22-buy-over-limit',
      who: 'citizen',
      path: '/buy',
      act: async (page) => {
        await chooseKind(page, KIND.citywide);
        await page.getByLabel('얼마나 살까요?').fill('390,000');
        await button(page, /금액을 골라 주세요/).filter({ visible: true }).click();
        await says(page, /까지 더 살 수 있어요\./);
      },
    },
    {
      name: '29-wait-before',
      who: 'newcomer',
      path: '/buy',
      act: async (page) => {
        const hrefs = await page.locator('.offer-list a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
        for (const href of hrefs) {
          await page.goto(`/wait/${new URL(href, page.url()).searchParams.get('window')}`);
          if (await heading(page, '아직 대기실이 열리지 않았어요').isVisible()) return;
        }
        throw new Error('no sale of the demo has a waiting room');
      },
    },
    { name: '28-shops', who: 'citizen', path: '/shops?q=%E3%85%8A%E3%85%8B' },
    {
      name: '28-shops-map',
      who: 'citizen',
      path: '/shops?view=map',
      act: (page) => page.locator('.map-cluster').first().waitFor(),
    },
    { name: '28-shops-place', who: 'owner', path: '/shops/place' },
    { name: '23-buy-pin', who: 'newcomer', path: '/buy', act: openSheet, isSheet: true },
    {
      name: '24-buy-pin-wrong',
      who: 'newcomer',
      path: '/buy',
      isSheet: true,
      act: async (page) => {
        await openSheet(page);
        await pressPin(pinSheet(page), '975310');
        await says(pinSheet(page), /PIN이 맞지 않아요/);
      },
    },
    {
      name: '25-buy-progress',
      who: 'newcomer',
      path: '/',
      act: async (page, cast) => {
        // The sandbox cuts the line, and then nobody answers for as long as we look.
        await world.outside.fault({ service: 'bank', operation: 'inquiry', fault: 'down' });
        await page.goto(`/buy/${await buy(cast.newcomer, KIND.citywide, 50_000)}`);
        await heading(page, '사고 있어요').waitFor();
      },
    },
    { name: '26-home-under-way', who: 'newcomer', path: '/', act: (page) => heading(page, '사고 있는 상품권').waitFor() },
    {
      name: '27-receipt',
      who: 'buyer',
      path: '/',
      act: async (page, cast) => {
        await world.outside.noFaults();
        await page.goto(`/buy/${cast.posted}`);
        await heading(page, '상품권을 샀어요').waitFor();
      },
    },
    {
      name: '28-not-bought',
      who: 'buyer',
      path: '/',
      act: async (page, cast) => {
        await page.goto(`/buy/${cast.voided}`);
        await heading(page, '사지 못했어요').waitFor();
      },
    },
    { name: '30-pay', who: 'citizen', path: '/pay', before: (page) => page.addInitScript(askFirst) },
    {
      name: '31-pay-camera',
      who: 'citizen',
      path: '/pay',
      before: (page) => page.addInitScript(lookAtATable),
      act: (page) => says(page, '가게에 붙은 QR을 네모 안에 맞춰 주세요.'),
    },
    { name: '31-pay-camera-denied', who: 'citizen', path: '/pay', before: (page) => page.addInitScript(denied), act: (page) => says(page, /카메라를 쓸 수 없게/) },
    { name: '32-pay-shop', who: 'citizen', path: `/pay/${cafe}` },
    { name: '33-pay-nothing-usable', who: 'idle', path: `/pay/${cafe}` },
    { name: '34-pay-shop-closed', who: 'citizen', path: `/pay/${closed}` },
    { name: '35-pay-not-enough', who: 'citizen', path: `/pay/${cafe}?amount=9000000` },
    { name: '36-pay-pin', who: 'citizen', path: `/pay/${cafe}?amount=4800` },
    {
      name: '37-paid',
      who: 'citizen',
      path: '/',
      act: async (page, cast) => {
        await page.goto(`/payments/${cast.paid}`);
        await says(page, /결제/);
      },
    },
    { name: '38-lots', who: 'citizen', path: '/', act: toLots },
    { name: '38-lots-refundable', who: 'buyer', path: '/', act: toLots },
    {
      name: '39-refund',
      who: 'buyer',
      path: '/',
      act: (page) => toRefund(page, '.lot-card'),
    },
    {
      name: '39-refund-under-way',
      who: 'buyer',
      path: '/',
      act: async (page) => {
        await world.outside.fault({ service: 'bank', operation: 'credit', fault: 'down' });
        await toRefund(page, '.lot-card');
        await pressPin(page, PIN);
        await heading(page, '환불하고 있어요').waitFor();
        await says(page, '두 번 보내지 않으니');
      },
    },
    { name: '39-refund-home', who: 'buyer', path: '/', act: (page) => heading(page, '환불하고 있어요').waitFor() },
    {
      name: '39-refund-done',
      who: 'buyer',
      path: '/history',
      act: async (page) => {
        await world.outside.noFaults();
        await page.locator('a[href^="/refunds/"]').first().click();
        await heading(page, '환불했어요').waitFor({ timeout: 60_000 });
      },
    },
    { name: '39-ending-home', who: 'longAgo', path: '/' },
    { name: '39-ending-lots', who: 'longAgo', path: '/', act: toLots },
    {
      name: '39-expired-refund',
      who: 'longAgo',
      path: '/',
      act: (page) => toRefund(page, '.lot-card.is-over'),
    },
    { name: '40-history', who: 'citizen', path: '/history' },
    { name: '40-history-found', who: 'citizen', path: '/history?q=%E3%85%8B%E3%85%8D&what=paid' },
    { name: '40-history-nothing', who: 'citizen', path: '/history?q=%EC%97%86%EB%8A%94%EA%B0%80%EA%B2%8C' },
    { name: '41-history-empty', who: 'idle', path: '/history' },
    {
      name: '42-receipt-refunded',
      who: 'buyer',
      path: '/',
      act: async (page, cast) => {
        await page.goto(`/buy/${cast.posted}`);
        await heading(page, '환불한 상품권이에요').waitFor();
      },
    },
    { name: '43-statement', who: 'citizen', path: `/statement?year=${thisYear()}` },
    { name: '43-statement-empty', who: 'idle', path: `/statement?year=${thisYear()}` },
    {
      name: '44-gift-form',
      who: 'giver',
      path: '/',
      act: async (page) => {
        await toLots(page);
        await page.locator('a[href^="/gifts/new/"]').click();
        await page.getByLabel(/에 산 6만 원/).fill('12,000');
        await says(page, '모두 12,000원');
      },
    },
    {
      name: '45-gift-sent',
      who: 'giver',
      path: '/gifts',
      act: async (page, cast) => {
        await page.goto(cast.given);
        await heading(page, '선물 링크').waitFor();
      },
    },
    { name: '45-gifts', who: 'giver', path: '/gifts' },
    { name: '45-gifts-empty', who: 'idle', path: '/gifts' },
    { name: '46-gift-home', who: 'friend', path: '/' },
    {
      name: '46-gift-open',
      who: 'friend',
      path: '/',
      act: async (page) => {
        await page.locator('a[href^="/gift/"]').first().click();
        await button(page, '선물 받기').waitFor();
      },
    },
    { name: '50-me', who: 'citizen', path: '/me' },
    { name: '51-me-bank', who: 'citizen', path: '/me/bank' },
    { name: '52-me-sessions', who: 'citizen', path: '/me/sessions' },
    { name: '60-shops', who: 'owner', path: '/merchant' },
    { name: '61-shops-none', who: 'newcomer', path: '/merchant' },
    { name: '62-shop-today', who: 'owner', path: `/merchant/${cafe}` },
    { name: '63-shop-today-sound', who: 'owner', path: `/merchant/${cafe}`, act: soundOn },
    { name: '64-shop-today-empty', who: 'otherOwner', path: `/merchant/${world.shops['가로수꽃집']}` },
    { name: '65-shop-qr', who: 'owner', path: `/merchant/${quiet}/qr` },
    { name: '66-shop-sales', who: 'owner', path: `/merchant/${cafe}/sales` },
    { name: '66-shop-sales-month', who: 'owner', path: `/merchant/${cafe}/sales?range=month` },
    { name: '66-shop-sales-empty', who: 'otherOwner', path: `/merchant/${world.shops['가로수꽃집']}/sales` },
    { name: '66-shop-payments', who: 'owner', path: `/merchant/${cafe}/payments` },
    { name: '66-shop-payment', who: 'owner', path: '/merchant', act: (page, cast) => page.goto(`/merchant/${cafe}/payments/${cast.paid}`) },
    { name: '66-shop-settlements', who: 'owner', path: `/merchant/${cafe}/settlements` },
    {
      name: '66-shop-statement',
      who: 'owner',
      path: `/merchant/${cafe}/settlements`,
      act: async (page) => {
        await page.locator('main a[href*="/settlements/20"]').first().click();
        await page.locator('.statement').waitFor();
      },
    },
    { name: '66-shop-staff', who: 'owner', path: `/merchant/${cafe}/staff` },
    { name: '66-shop-devices', who: 'owner', path: `/merchant/${cafe}/devices` },
    { name: '66-shop-alerts', who: 'owner', path: `/merchant/${cafe}/alerts` },
    { name: '66-shop-about', who: 'owner', path: `/merchant/${cafe}/about` },
    { name: '66-shop-application', who: 'otherOwner', path: `/merchant/${pending}/application` },
    { name: '67-counter', who: 'owner', path: `/merchant/${cafe}/counter` },
    {
      name: '67-counter-on',
      who: 'owner',
      path: `/merchant/${cafe}/counter`,
      act: async (page, cast) => {
        await soundOn(page);
        await pay(cast.citizen, cafe, 4_500);
        await page.locator('.at-counter-amount').getByText('4,500').waitFor();
      },
    },
    { name: '68-ask', who: 'owner', path: `/merchant/${cafe}/ask` },
    {
      name: '68-asked',
      who: 'owner',
      path: `/merchant/${cafe}/ask`,
      act: async (page) => {
        await page.getByLabel('받을 금액').fill('32,000');
        await button(page, '32,000원 QR 만들기').click();
        await says(page, '남은 시간');
      },
    },
    { name: '68-take', who: 'owner', path: `/merchant/${cafe}/take` },
    { name: '68-my-code', who: 'citizen', path: '/pay/my-code' },
    {
      name: '68-my-code-shown',
      who: 'citizen',
      path: '/pay/my-code',
      act: async (page) => {
        await pressPin(page, DEMO.citizen.pin);
        await page.waitForURL(/\/pay\/my-code\/\d+$/);
      },
    },
    { name: '69-new-shop', who: 'newcomer', path: '/merchant/new' },
    { name: '69-new-shop-about', who: 'newcomer', path: '/merchant/new', act: beginShop },
    {
      name: '69-new-shop-photo',
      who: 'newcomer',
      path: '/merchant/new',
      act: async (page) => {
        await beginShop(page);
        await describeShop(page);
      },
    },
    { name: '69-new-shop-account', who: 'newcomer', path: '/merchant/new', act: (page) => openShopStep(page, 'account') },
    { name: '69-new-shop-check', who: 'newcomer', path: '/merchant/new', act: (page) => openShopStep(page, 'check') },
    { name: '87-city-shops', who: 'controller', path: '/city/shops' },
    { name: '87-city-shops-found', who: 'controller', path: '/city/shops?find=%EB%AA%A8' },
    { name: '87-city-shop', who: 'controller', path: `/city/shops/${cafe}` },
    { name: '88-city-settlement', who: 'auditor', path: '/city/settlement' },
    { name: '88-city-lots', who: 'controller', path: '/city/lots' },
    { name: '89-city-kinds', who: 'planner', path: '/city/kinds' },
    { name: '89-city-kind', who: 'planner', path: '/city/kinds', act: toKind },
    {
      name: '89-city-kind-change',
      who: 'planner',
      path: '/city/kinds',
      act: async (page) => {
        await toKind(page);
        await page.getByLabel('월 구매 한도 (원)').fill('500,000');
        await button(page, '변경 초안 만들기').click();
        await page.waitForURL(/\/city\/kinds\/changes\/\d+$/);
      },
    },
    { name: '89-city-kind-new', who: 'planner', path: '/city/kinds/new' },
    { name: '66-shop-qr-none', who: 'otherOwner', path: `/merchant/${pending}/qr` },
    { name: '70-offline', who: 'stranger', path: '/offline' },
    { name: '71-not-found', who: 'stranger', path: '/nowhere' },
    { name: '72-not-found-shop', who: 'newcomer', path: '/merchant/00000018' },
    { name: '73-not-found-purchase', who: 'newcomer', path: '/buy/0193d6a0-0000-7000-8000-000000000001' },
  ];
}

/** In Seoul. */
function thisYear() {
  return new Intl.DateTimeFormat('en', { timeZone: 'Asia/Seoul', year: 'numeric' }).format(new Date());
}

/** A business that its tax office knows; its application is kept from scene to scene. */
async function toKind(page) {
  await page.getByRole('link', { name: KIND.citywide, exact: true }).click();
  await page.waitForURL(/\/city\/kinds\/\d+$/);
  await heading(page, KIND.citywide).waitFor();
}

async function beginShop(page) {
  await page.getByLabel('사업자등록번호').fill(businessNumber('220819200'));
  await button(page, '확인하고 시작하기').click();
  await heading(page, '어떤 가게인가요?').waitFor();
}

async function describeShop(page) {
  await page.getByLabel('가게 이름').fill('초록대문 돈까스');
  await page.getByLabel('업종').selectOption({ index: 2 });
  await page.getByLabel('자치구').selectOption('14');
  await page.getByLabel('주소').fill('서울 마포구 망원동 골목길 12, 1층');
  await button(page, '저장하고 다음으로').click();
  await heading(page, '가게 사진을 올려 주세요').waitFor();
}

async function openShopStep(page, step) {
  await page.locator('main a[href*="/merchant/new/"]').first().click();
  await page.waitForURL(/\/check$/);
  await page.goto(page.url().replace(/check$/, step));
}

/** In the page: a browser that was never asked for the camera. */
function askFirst() {
  navigator.permissions.query = async () => ({ state: 'prompt' });
}

/** In the page: the camera is allowed and looks at a table without a code. */
function lookAtATable() {
  navigator.permissions.query = async () => ({ state: 'granted' });
  navigator.mediaDevices.getUserMedia = async () => {
    const table = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const paint = table.getContext('2d');
    const draw = () => {
      paint.fillStyle = '#6b6357';
      paint.fillRect(0, 0, 640, 480);
      requestAnimationFrame(draw);
    };
    draw();
    return table.captureStream(10);
  };
}

/** In the page: the person said no. */
function denied() {
  navigator.permissions.query = async () => ({ state: 'granted' });
  navigator.mediaDevices.getUserMedia = async () => {
    throw new DOMException('no', 'NotAllowedError');
  };
}
