// Shops of the demo, and of new ones what the tax office wants.

import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Numbers of the demo's shops by their names, as the server tells them at its start. */
export async function shops(house) {
  const told = await readFile(path.join(house.data, 'demo.txt'), 'utf8');
  const lines = told.matchAll(/^ {2}(\d{8}) {2}(\S+) \(/gm);
  return Object.fromEntries([...lines].map(([, number, name]) => [name, number]));
}

/** A business number whose last digit is right (domain/src/business_number.rs). */
export function businessNumber(nine) {
  const digits = [...nine].map(Number);
  const weights = [1, 3, 7, 1, 3, 7, 1, 3, 5];
  const sum = digits.reduce((all, digit, at) => all + digit * weights[at], Math.floor((digits[8] * 5) / 10));
  return `${nine}${(10 - (sum % 10)) % 10}`;
}
