// <shop-map>: the districts' outlines and the shops in them, on Leaflet, without anybody's tiles. Written into pages by
// app/src/finding/map.rs, which sets what is looked for and the words as attributes; this file is fetched when a map is opened.

const CITY = [[37.4283, 126.7645], [37.7015, 127.1838]];
const AROUND = [[37.3, 126.6], [37.83, 127.35]];
const NEAR_M = 3000;
const REST_MS = 150;
// Between the middles of two circles.
const APART_PX = 44;
const FIELDS = ['q', 'district', 'trade', 'mine', 'lately'];

let leaflet;

function loadLeaflet() {
  leaflet ??= new Promise((done, failed) => {
    const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/map/leaflet.css' });
    const script = Object.assign(document.createElement('script'), { src: '/map/leaflet.js', onerror: failed });
    script.onload = () => done(window.L);
    style.onerror = failed;
    document.head.append(style, script);
  });
  return leaflet;
}

async function loadOutlines() {
  const answer = await fetch('/map/districts.json');
  if (!answer.ok) throw new Error(`the outlines answered ${answer.status}`);
  const outlines = await answer.json();
  return outlines.map((flat) => Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at], flat[2 * at + 1]]));
}

const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });

class ShopMap extends HTMLElement {
  static observedAttributes = [...FIELDS, 'here'].map((name) => `data-${name}`);

  async connectedCallback() {
    if (this.ground) return;
    this.ground = element('div', 'shop-map-ground', '');
    this.said = JSON.parse(this.dataset.said);
    this.replaceChildren(this.ground);
    try {
      const [L, outlines] = await Promise.all([loadLeaflet(), loadOutlines()]);
      if (this.isConnected) this.open(L, outlines);
    } catch {
      leaflet = undefined;
      this.failed();
    }
  }

  disconnectedCallback() {
    this.asking?.abort();
    clearTimeout(this.resting);
    this.map?.remove();
    this.map = undefined;
    this.ground = undefined;
  }

  attributeChangedCallback(name, before, now) {
    if (!this.map || before === now) return;
    if (name === 'data-here') this.showHere();
    if (name === 'data-district') this.showDistrict();
    this.ask();
  }

  open(L, outlines) {
    const { said } = this;
    this.L = L;
    this.map = L.map(this.ground, { zoomControl: false, zoomSnap: 0.5, minZoom: 9.5, maxZoom: 18, maxBounds: AROUND, maxBoundsViscosity: 0.8 });
    // From afar shops are counted over the districts' names.
    this.map.on('zoomend', () => this.ground.classList.toggle('is-far', this.map.getZoom() < 11.5));
    this.map.fitBounds(CITY);
    this.map.attributionControl.setPrefix(false).addAttribution(said.source);
    L.control.zoom({ zoomInTitle: said.zoomIn, zoomOutTitle: said.zoomOut }).addTo(this.map);
    this.outlines = outlines.map((outline, at) => {
      const polygon = L.polygon(outline, { className: 'map-outline', interactive: false }).addTo(this.map);
      polygon.bindTooltip(said.districts[at], { permanent: true, direction: 'center', className: 'map-district' });
      return polygon;
    });
    this.spots = L.layerGroup().addTo(this.map);
    this.showDistrict();
    this.showHere();
    this.map.on('moveend', () => this.ask());
    this.ask();
  }

  showDistrict() {
    const outline = this.outlines[Number(this.dataset.district) - 1];
    if (outline) this.map.fitBounds(outline.getBounds());
  }

  showHere() {
    this.circle?.remove();
    this.circle = undefined;
    const [lat, lon] = (this.dataset.here ?? '').split(',').map(Number);
    if (!this.dataset.here || !Number.isFinite(lat) || !Number.isFinite(lon)) return;
    this.circle = this.L.circle([lat, lon], { radius: NEAR_M, className: 'map-here', interactive: false }).addTo(this.map);
    this.map.fitBounds(this.circle.getBounds());
  }

  // Once the map rests; an older question is not waited for.
  ask() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.look(), REST_MS);
  }

  async look() {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const bounds = this.map.getBounds();
    const body = new URLSearchParams(FIELDS.map((name) => [`asked[${name}]`, this.dataset[name] ?? '']));
    for (const side of ['South', 'West', 'North', 'East']) body.set(`corners[${side.toLowerCase()}]`, bounds[`get${side}`]());
    try {
      const answer = await fetch('/api/shops/map', { method: 'POST', body, headers: { Accept: 'application/json' }, signal: asking.signal });
      if (answer.ok) this.show(await answer.json());
      else this.failed(this.why(answer.status));
    } catch (error) {
      if (error.name !== 'AbortError') this.failed();
    }
  }

  show({ shops, clusters }) {
    if (!this.map) return;
    this.note?.remove();
    this.spots.clearLayers();
    // Few shops are all shown, however near they are.
    const alone = shops.map((shop) => ({ lat: shop.lat, lon: shop.lon, count: 1, shop }));
    const circles = clusters.map(([lat, lon, count]) => ({ lat, lon, count }));
    for (const { lat, lon, count, shop } of clusters.length > 0 ? this.apart([...circles, ...alone]) : alone) {
      if (shop) this.showShop(shop);
      else this.showCluster(lat, lon, count);
    }
  }

  // What would lie over each other is one circle, in the middle of all its shops.
  apart(circles) {
    const { map } = this;
    const at = ({ lat, lon }) => map.latLngToLayerPoint([lat, lon]);
    for (let one = 0; one < circles.length; one += 1) {
      const near = circles.findIndex((other, place) => place > one && at(other).distanceTo(at(circles[one])) < APART_PX);
      if (near < 0) continue;
      const [a, [b]] = [circles[one], circles.splice(near, 1)];
      const count = a.count + b.count;
      const middle = (side) => (a[side] * a.count + b[side] * b.count) / count;
      circles[one] = { lat: middle('lat'), lon: middle('lon'), count };
      // It has moved: also those before it may be too near now.
      one = -1;
    }
    return circles;
  }

  showCluster(lat, lon, count) {
    const { L, map } = this;
    const size = Math.min(46, 28 + 6 * Math.log10(count));
    const said = count.toLocaleString();
    const icon = L.divIcon({ className: 'map-cluster', html: element('span', '', said), iconSize: [size, size] });
    const spot = L.marker([lat, lon], { icon, title: `${this.said.cluster}: ${said}`, alt: `${this.said.cluster}: ${said}` });
    spot.on('click keypress', () => map.setView([lat, lon], Math.min(map.getZoom() + 2, map.getMaxZoom())));
    this.spots.addLayer(spot);
  }

  showShop({ lat, lon, name, address, href, is_usable }) {
    const { L, said } = this;
    const className = is_usable === false ? 'map-shop is-not-mine' : 'map-shop';
    const icon = L.divIcon({ className, iconSize: [26, 26] });
    const about = element('div', 'map-about', '');
    about.append(element('strong', '', name), element('span', '', address));
    if (is_usable !== null) about.append(element('span', '', is_usable ? said.usable : said.notUsable));
    about.append(Object.assign(element('a', 'button button-primary', said.pay), { href }));
    this.spots.addLayer(L.marker([lat, lon], { icon, title: name, alt: name }).bindPopup(about));
  }

  why(status) {
    const { said } = this;
    return { 429: said.tooOften, 503: said.busy }[status] ?? said.failed;
  }

  // The list below is still there.
  failed(why = this.said.failed) {
    this.note?.remove();
    this.note = element('p', 'shop-map-note', why);
    this.note.setAttribute('role', 'status');
    this.append(this.note);
  }
}

customElements.define('shop-map', ShopMap);
