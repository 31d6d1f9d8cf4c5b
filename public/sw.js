// The service worker: a page for when there is no connection, and files that never change kept close by.
//
// What it never does: answer a page, a server function or anything with money from a cache. Pages come from the network or not
// at all; then the offline page says so and shows what this phone last saw, with its time.
//
// A new version takes over at once. That is safe because no page is kept and kept files carry their hash in their name.

const VERSION = '1';
const SHELL = `payplus-shell-${VERSION}`;
const FILES = `payplus-files-${VERSION}`;
const OFFLINE = '/offline';
const SHELL_FILES = ['/offline.js', '/favicon.svg', '/fonts/pretendard.css'];
const PATIENCE_MS = 10_000;
// Pages change with a release; this old, the offline page is asked for again.
const SHELL_FRESH_MS = 6 * 60 * 60 * 1000;

const isHashed = (path) => /^\/pkg\/[^/]+\.[\w-]{16,}\.(js|wasm|css)$/.test(path);
// Files that a page leads to have their own time, and a reader of their own: the browser's.
const isExport = (path) => /^\/merchant\/[^/]+\/export\/|^\/statement\/[^/]+\.csv$/.test(path);
const isForEver = (path) => isHashed(path) || (path.startsWith('/fonts/') && path.endsWith('.woff2'));

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

async function takeOver() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('payplus-') && name !== SHELL && name !== FILES);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// The offline page as this person's language and text size have it, without the scripts that would bring the app to life:
// at another address than its own they would look for a page that is not there.
async function keepShell() {
  const shell = await caches.open(SHELL);
  const answer = await fetch(OFFLINE, { cache: 'reload', redirect: 'error' });
  if (!answer.ok) throw new Error(`the offline page answered ${answer.status}`);
  const whole = await answer.text();
  const page = whole
    .replace(/<script(?![^>]*src="\/offline\.js")[^>]*>[\s\S]*?<\/script>/g, '')
    .replace(/<link[^>]*rel="(?:modulepreload|preload)"[^>]*>/g, '');
  await shell.put(OFFLINE, new Response(page, { headers: offlineHeaders(settingOf(whole)) }));
  await shell.addAll(SHELL_FILES);
  const files = await caches.open(FILES);
  const named = [...new Set(whole.match(/\/pkg\/[\w.-]+\.(?:js|wasm|css)/g) ?? [])].filter(isHashed);
  await Promise.all(named.map(async (path) => (await files.match(path)) ?? files.add(path)));
  await forgetOthers(files, named);
}

// "ko usual": what `<html>` says.
function settingOf(whole) {
  const [, lang] = whole.match(/<html[^>]*\blang="([^"]*)"/) ?? [];
  const [, size] = whole.match(/<html[^>]*\bdata-text="([^"]*)"/) ?? [];
  return `${lang} ${size}`;
}

// A cached page has no nonce to trust: only our own files may run and style.
function offlineHeaders(setting) {
  const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
  return { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy, 'X-Kept-At': String(Date.now()), 'X-Setting': setting };
}

// Files of earlier releases; fonts stay, they are the same for ever.
async function forgetOthers(files, current) {
  const kept = await files.keys();
  const stale = kept.filter(({ url }) => isHashed(new URL(url).pathname) && !current.includes(new URL(url).pathname));
  if (current.length > 0) await Promise.all(stale.map((request) => files.delete(request)));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || request.headers.has('range')) return;
  if (isExport(url.pathname)) return;
  if (request.mode === 'navigate') {
    event.respondWith(page(event));
  } else if (isForEver(url.pathname)) {
    event.respondWith(file(request));
  } else if (SHELL_FILES.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => fromShell(url.pathname)));
  }
});

async function page(event) {
  try {
    const fromNetwork = network(event);
    const answer = await Promise.race([fromNetwork, tooLong()]);
    if (answer.ok) event.waitUntil(refreshShell().catch(() => {}));
    return answer;
  } catch {
    return fromShell(OFFLINE);
  }
}

async function network(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

function tooLong() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS));
}

async function fromShell(path) {
  const shell = await caches.open(SHELL);
  return (await shell.match(path)) ?? Response.error();
}

async function refreshShell() {
  const kept = await (await caches.open(SHELL)).match(OFFLINE);
  const age = Date.now() - Number(kept?.headers.get('X-Kept-At') ?? 0);
  if (age > SHELL_FRESH_MS) await keepShell();
}

async function file(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) await files.put(request, answer.clone());
  return answer;
}

// Each page tells its language and size of text; the offline page follows.
self.addEventListener('message', (event) => {
  if (typeof event.data === 'string') event.waitUntil(follow(event.data).catch(() => {}));
});

async function follow(setting) {
  const kept = await (await caches.open(SHELL)).match(OFFLINE);
  if (kept?.headers.get('X-Setting') !== setting) await keepShell();
}

// A payment of a shop, told to a device of its staff. The message is made by the server (server/src/telling/pushing.rs). Every push
// shows something: browsers end a subscription that stays silent.
self.addEventListener('push', (event) => {
  event.waitUntil(show(told(event.data)));
});

function told(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

async function show({ title, body, tag, url, shop, first, last, lang }) {
  const options = { body, tag, lang, renotify: Boolean(tag), icon: '/icons/icon-192.png', badge: '/icons/icon-192.png', data: { url } };
  await self.registration.showNotification(title ?? 'Pay+', options);
  if (!shop) return;
  // Said at once, so that no text message is sent for it. A device that is signed out by now says nothing.
  const said = new URLSearchParams({ number: shop, first, last });
  await fetch('/api/merchant/push/shown', { method: 'POST', body: said, headers: { Accept: 'application/json' } }).catch(() => {});
}

// The browser's push service has given it another address: without a word to the shop, it would push into nothing from now on. A browser
// that tells neither the new address nor how it came to the old one is asked again on the page of the shop's notices.
self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(tellNewAddress(event));
});

async function tellNewAddress({ oldSubscription, newSubscription }) {
  const subscription = newSubscription ?? (oldSubscription && (await self.registration.pushManager.subscribe(oldSubscription.options)));
  if (!subscription) return;
  const { endpoint, keys } = subscription.toJSON();
  const said = new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth });
  await fetch('/api/merchant/push/renew', { method: 'POST', body: said, headers: { Accept: 'application/json' } });
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openShop(event.notification.data?.url));
});

// The shop's page, in a window that shows it already where there is one. Only a page of ours is opened.
async function openShop(path) {
  const url = new URL(/^\/merchant\/[\w-]+$/.test(path ?? '') ? path : '/merchant', self.location.origin);
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows.find((window) => new URL(window.url).pathname === url.pathname);
  return open ? open.focus() : self.clients.openWindow(url);
}
