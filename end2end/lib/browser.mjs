// Chromium with a camera made of a file, and pages that remember what went wrong on them.

import { chromium } from 'playwright-core';
import { within } from './until.mjs';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
];

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 800 };

/** `film`: the file that the camera shows; it may be written later. */
export async function launch(film) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    headless: true,
    args: [...FLAGS, `--use-file-for-fake-video-capture=${film}`],
  });
}

/** Chromium has been seen not to end when it is asked to; with this process it does. */
export async function close(browser) {
  await within(30_000, 'closing the browser', browser.close()).catch((error) => console.log(error.message));
}

/** Of its own address, so that limits by address count each story alone. */
let lastAddress = 0;

export async function openContext(browser, base, options = {}) {
  lastAddress += 1;
  const address = `10.9.${Math.floor(lastAddress / 250)}.${(lastAddress % 250) + 1}`;
  const context = await browser.newContext({
    baseURL: base,
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
    viewport: PHONE,
    reducedMotion: 'reduce',
    extraHTTPHeaders: { 'x-forwarded-for': address },
    ...options,
  });
  context.setDefaultTimeout(20_000);
  context.troubles = [];
  context.on('page', (page) => watch(page, context.troubles));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  return context;
}

/** A refusal of a form or of a page is an answer, not a trouble; the browser logs it all the same. A missing file is one. */
const isRefusal = (text, url, page) => /status of 4\d\d/.test(text) && (url.includes('/api/') || url === page.url());

function watch(page, troubles) {
  page.expected = [];
  const note = (text) => {
    if (!page.expected.some((pattern) => pattern.test(text))) troubles.push(`${new URL(page.url()).pathname}: ${text}`);
  };
  page.on('pageerror', (error) => note(`uncaught ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    const is = message.type() === 'error' || (message.type() === 'warning' && /hydrat|panicked/i.test(text));
    if (is && !isRefusal(text, message.location().url, page)) note(text);
  });
}

/** Opens an address and waits until the page is alive. */
export async function visit(page, path) {
  await page.goto(path);
  await alive(page);
}

/** Pages work before, but a story that presses keys wants the living one. */
export async function alive(page) {
  await page.locator('html[data-live]').waitFor({ state: 'attached' });
}
