// Fills the offline page with what this phone last saw of the wallet. The sentences stand in the page, in its language; this
// only puts the figures and the time in. Values are set as text, never as markup.

const page = document.getElementById('offline');
const wallet = (() => {
  try {
    return JSON.parse(localStorage.getItem('payplus.last_wallet'));
  } catch {
    return null;
  }
})();

const isWon = (value) => Number.isSafeInteger(value) && value >= 0;

function won(value) {
  return page.dataset.money.replace('{won}', new Intl.NumberFormat('ko-KR').format(value));
}

function when(at_ms) {
  const lang = document.documentElement.lang;
  const seoul = { timeZone: 'Asia/Seoul' };
  const day = (at) => new Intl.DateTimeFormat(lang, { ...seoul, month: 'long', day: 'numeric' }).format(at);
  const time = { ...seoul, hour: 'numeric', minute: '2-digit' };
  const shape = lang === 'ko' ? koreanTime : (at) => new Intl.DateTimeFormat(lang, time).format(at);
  return day(at_ms) === day(Date.now()) ? shape(at_ms) : `${day(at_ms)} ${shape(at_ms)}`;
}

// "오전 10시 12분", as everywhere else in Pay+.
function koreanTime(at) {
  const parts = new Intl.DateTimeFormat('ko', { timeZone: 'Asia/Seoul', hour: 'numeric', minute: 'numeric', hour12: true }).formatToParts(at);
  const part = (type) => parts.find((part) => part.type === type)?.value ?? '';
  const minute = Number(part('minute'));
  return `${part('dayPeriod')} ${part('hour')}시${minute ? ` ${minute}분` : ''}`;
}

function row(name, left_won) {
  const row = document.createElement('div');
  row.className = 'row';
  const title = document.createElement('span');
  title.className = 'row-words row-title';
  title.textContent = name;
  const amount = document.createElement('span');
  amount.className = 'row-amount money';
  amount.textContent = won(left_won);
  row.append(title, amount);
  return row;
}

if (page && wallet && isWon(wallet.balance_won) && Number.isFinite(wallet.at_ms)) {
  page.querySelector('[data-fill="lead"]').textContent = page.dataset.lead.replace('{time}', when(wallet.at_ms));
  page.querySelector('[data-fill="balance"]').textContent = won(wallet.balance_won);
  const lines = Array.isArray(wallet.lines) ? wallet.lines.filter((line) => isWon(line.left_won)) : [];
  page.querySelector('[data-fill="lines"]').replaceChildren(...lines.map((line) => row(String(line.name), line.left_won)));
  for (const part of page.querySelectorAll('[data-known]')) part.hidden = false;
}

// A phone may say that it is online before anything gets through, or never. So the server is asked, and then the page that was wanted.
const TRY_EVERY_MS = 3_000;

async function goOn() {
  // A HEAD is answered by the network or not at all.
  const answer = await fetch('/health', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  if (answer?.ok) location.reload();
}

if (location.pathname !== '/offline') {
  addEventListener('online', goOn);
  setInterval(() => document.visibilityState === 'visible' && goOn(), TRY_EVERY_MS);
}
