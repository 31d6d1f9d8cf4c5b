// Numbers of the demo's shops by their names, as the server tells them at its start.

import { readFile } from 'node:fs/promises';
import path from 'node:path';

export async function shops(house) {
  const told = await readFile(path.join(house.data, 'demo.txt'), 'utf8');
  const lines = told.matchAll(/^ {2}(\d{8}) {2}(\S+) \(/gm);
  return Object.fromEntries([...lines].map(([, number, name]) => [name, number]));
}
