// Text of a bubble → DOM nodes, as WeChat shows it: <a href> becomes a blue word, bare URLs and phone
// numbers become tappable, every other tag stays literal text. Called by bubbles.js.

import { el } from './dom.js';
import { isServers } from './phonebrowser.js';

const ANCHOR = /<a\s+((?:"[^"]*"|'[^']*'|[^<>"'])*)>([^<]*)<\/a>/gi;
const ATTRIBUTE = /([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const BARE = new RegExp(
  [
    String.raw`(?<url>https?:\/\/[\w\-.~:/?#@!$&*+,;=%\[\]]*[\w\-~/#@$&*+=%])`,
    String.raw`(?<phone>(?<![\d.\-])(?:1[3-9]\d{9}|0\d{2,3}-\d{7,8}|[48]00-?\d{3}-?\d{4}|12345|96\d{3,4}|110|119|120)(?![\d.\-]|\s*(?:元|吨|方|m³|立方|分|号)))`,
  ].join('|'),
  'g',
);
const QUICK_REPLY = /^weixin:\/\/bizmsgmenu\?/i;

/** `taps` is {quickReply(text, menuId), phone(number), open(url)}. */
export function richText(text, taps) {
  const out = document.createDocumentFragment();
  let from = 0;
  for (const match of text.matchAll(ANCHOR)) {
    const tappable = anchor(attribute(match[1], 'href'), match[2], taps);
    if (tappable === null) continue; // an address that no phone would open stays visible as it was written
    out.append(bareText(text.slice(from, match.index), taps), tappable);
    from = match.index + match[0].length;
  }
  out.append(bareText(text.slice(from), taps));
  return out;
}

function attribute(attributes, wanted) {
  for (const [, name, double, single] of attributes.matchAll(ATTRIBUTE)) {
    if (name.toLowerCase() === wanted) return double ?? single;
  }
  return '';
}

function anchor(href, label, taps) {
  if (QUICK_REPLY.test(href)) {
    const query = parseQuery(href.slice(href.indexOf('?') + 1));
    const content = query.msgmenucontent || label;
    return word(label, () => taps.quickReply(content, query.msgmenuid));
  }
  if (/^tel:/i.test(href)) return word(label, () => taps.phone(href.slice(4)));
  return webUrl(href) ? link(href, label, taps) : null;
}

/** Not URLSearchParams: WeChat keeps a plus sign a plus sign. */
function parseQuery(query) {
  const found = {};
  for (const pair of query.split('&')) {
    const [name, ...rest] = pair.split('=');
    found[name] = decode(rest.join('='));
  }
  return found;
}

function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a stray percent sign: shown as it stands
  }
}

export function webUrl(href) {
  try {
    const url = new URL(href);
    return url.protocol === 'http:' || url.protocol === 'https:';
  } catch {
    return false;
  }
}

function link(href, label, taps) {
  const open = (event) => {
    event.preventDefault();
    taps.open(href);
  };
  return el('a', { href, target: '_blank', rel: 'noopener noreferrer', class: 'word', onclick: isServers(href) ? open : null }, label);
}

function word(label, onclick) {
  return el('button', { type: 'button', class: 'word', onclick }, label);
}

function bareText(text, taps) {
  const out = document.createDocumentFragment();
  let from = 0;
  for (const match of text.matchAll(BARE)) {
    out.append(text.slice(from, match.index));
    const found = match[0];
    out.append(match.groups.url ? link(found, found, taps) : word(found, () => taps.phone(found)));
    from = match.index + found.length;
  }
  out.append(text.slice(from));
  return out;
}
