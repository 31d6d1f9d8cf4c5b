// Looking at a screen as a picky person does: nothing sticks out, nothing is cut off, nothing is broken, fingers find it.

import axe from 'axe-core';

const TARGET_PX = 44;

/** What is wrong with the layout of the page as it stands, in words. */
export async function flaws(page) {
  return page.evaluate((target_px) => {
    const found = [];
    const root = document.scrollingElement;
    if (root.scrollWidth > innerWidth) found.push(`scrolls sideways: ${root.scrollWidth} px in ${innerWidth}`);

    const isSeen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    const isOnlyHeard = (element) => getComputedStyle(element).clipPath === 'inset(50%)';
    const isForEars = (element) => {
      for (let around = element; around; around = around.parentElement) if (isOnlyHeard(around)) return true;
      // What is drawn as a picture may be overlapped, as the coupons of the welcome are; what slides in is not there yet.
      return element.closest('.skip, [aria-hidden="true"] .coupon, .toast-shelf') !== null;
    };
    const name = (element) => `<${element.localName} class="${element.getAttribute('class') ?? ''}"> "${element.textContent.trim().slice(0, 40)}"`;

    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set();
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || seen.has(element) || !isSeen(element) || isForEars(element)) continue;
      if (['SCRIPT', 'STYLE', 'OPTION', 'NOSCRIPT'].includes(element.tagName)) continue;
      seen.add(element);
      const range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      for (const box of range.getClientRects()) {
        if (box.width === 0) continue;
        if (box.right > innerWidth + 1 || box.left < -1) found.push(`sticks out of the screen: ${name(element)}`);
        for (let around = element; around && around !== document.body; around = around.parentElement) {
          const style = getComputedStyle(around);
          const frame = around.getBoundingClientRect();
          const cuts = (overflow) => ['hidden', 'clip'].includes(overflow);
          if (cuts(style.overflowX) && (box.right > frame.right + 1.5 || box.left < frame.left - 1.5)) found.push(`cut off sideways: ${name(element)}`);
          // The line is higher than the letters: only a real cut counts.
          if (cuts(style.overflowY) && (box.bottom > frame.bottom + box.height / 4 || box.top < frame.top - box.height / 4)) {
            found.push(`cut off: ${name(element)}`);
          }
        }
      }
    }

    for (const image of document.images) {
      if (image.complete && image.naturalWidth === 0) found.push(`broken picture: ${image.src}`);
    }
    for (const picture of document.querySelectorAll('svg')) {
      const { width, height } = picture.getBoundingClientRect();
      // A map's ground is larger than its frame, which cuts it.
      if (isSeen(picture) && !picture.closest('.shop-map') && (width > innerWidth || height > 3 * innerHeight)) found.push(`a picture of ${width} x ${height} px`);
    }

    const modal = document.querySelector('dialog:modal');
    for (const control of (modal ?? document).querySelectorAll('button, select, input, a.button, a.row, a.icon-button, nav a')) {
      if (!isSeen(control) || isForEars(control) || ['hidden', 'radio', 'checkbox'].includes(control.type)) continue;
      const { width, height } = control.getBoundingClientRect();
      if (width > 0 && (Math.round(height) < target_px || Math.round(width) < target_px)) {
        found.push(`too small for a finger, ${Math.round(width)} x ${Math.round(height)}: ${name(control)}`);
      }
    }
    if (document.querySelectorAll('h1').length !== 1) found.push(`${document.querySelectorAll('h1').length} h1`);
    if (document.querySelectorAll('main').length !== 1) found.push(`${document.querySelectorAll('main').length} main`);
    if (!document.title.trim()) found.push('no title');
    return [...new Set(found)];
  }, TARGET_PX);
}

/** What axe-core finds, in words. */
export async function barriers(page) {
  // By the debugger's door: the page's policy forbids foreign scripts, as it should.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 4).map((node) => {
    const data = node.any[0]?.data;
    const contrast = data?.contrastRatio ? ` (${data.contrastRatio}: ${data.fgColor} on ${data.bgColor})` : '';
    return `axe ${id}: ${help}: ${node.target.join(' ')}${contrast}`;
  }));
}
