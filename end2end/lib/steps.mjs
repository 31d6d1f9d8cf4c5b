// What people do on the pages, by the names that they read or hear.

import assert from 'node:assert/strict';
import { alive } from './browser.mjs';

export const heading = (page, name) => page.getByRole('heading', { name });
export const button = (page, name) => page.getByRole('button', { name });
export const link = (page, name) => page.getByRole('link', { name });
/** A word about what has just happened, wherever the page says it. */
export const says = (page, text) => page.getByText(text).filter({ visible: true }).first().waitFor();

/** Presses six keys of the pad in `where`. */
export async function pressPin(where, pin) {
  for (const digit of pin) await where.getByRole('button', { name: digit, exact: true }).filter({ visible: true }).click();
}

export const pinSheet = (page) => page.getByRole('dialog', { name: 'PIN을 눌러 주세요' });

/** Opens the page that buys, with a kind chosen. */
export async function openBuying(page, kind) {
  await page.goto('/buy');
  await alive(page);
  await chooseKind(page, kind);
}

/** Opens the list of kinds and takes one; `standing` is what the list says of it. */
export async function chooseKind(page, kind, standing = '') {
  const chosen = page.locator('summary', { hasText: '어떤 상품권을 살까요?' });
  await chosen.click();
  // The sale that is open stands before the one to come.
  await page.getByRole('link', { name: new RegExp(`${kind}.*${standing}`) }).first().click();
  await page.waitForURL(/[?&]window=/);
  await chosen.filter({ hasText: kind }).waitFor();
}

/** Amount and button: up to the PIN. */
export async function orderOf(page, amount, label) {
  await page.getByLabel('얼마나 살까요?').fill(String(amount));
  await button(page, label).filter({ visible: true }).click();
  await pinSheet(page).waitFor();
}

/** From the page that buys to what the bank says. Gives the purchase's id. */
export async function buyOnPage(page, kind, amount, label, pin) {
  await openBuying(page, kind);
  await orderOf(page, amount, label);
  await pressPin(pinSheet(page), pin);
  return purchaseShown(page);
}

/** The id of the purchase whose page is shown. */
export async function purchaseShown(page) {
  await page.waitForURL(/\/buy\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname.split('/').at(-1);
}

export const receipt = (page) => heading(page, '상품권을 샀어요').waitFor();

/** From a shop's page to the code. */
export async function payOnPage(page, amount, label, pin) {
  await page.getByLabel('얼마를 결제할까요?').fill(String(amount));
  await button(page, label).click();
  const pad = page.getByRole('button', { name: '1', exact: true });
  await pad.waitFor();
  await pressPin(page, pin);
  return codeShown(page);
}

/** The short code on the payer's screen. */
export async function codeShown(page) {
  await page.waitForURL(/\/payments\/[0-9a-f-]{36}$/);
  await says(page, /에 결제했어요/);
  const code = await page.locator('.pulse-digits').getAttribute('aria-label');
  assert.match(code, /^\d{4}$/);
  return code;
}

/** What stands beside a term: "남은 금액", "결제한 금액". */
export const fact = (page, term) => page.locator('.fact', { has: page.getByText(term, { exact: true }) }).locator('dd').innerText();

export const won = (text) => Number(text.replaceAll(/[^\d]/g, ''));
