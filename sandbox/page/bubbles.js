// One bubble of the control API → one <li>, as WeChat draws it. Called by chat.js.

import { api } from './api.js';
import { el, icon, toast } from './dom.js';
import { richText, webUrl } from './richtext.js';

const ZONE = 'Asia/Shanghai';
const CLOCK = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, year: 'numeric', month: 'long', day: 'numeric' });
const WEEKDAY = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, weekday: 'long' });
const DAY_NUMBER = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE });
const SPEAKER = { citizen: '我', account: '公众号', agent: '人工客服', wechatpay: '微信支付' };
const VIA = { message: '消息', reply: '被动回复', customer_service: '客服消息', platform: '平台', template_message: '模板消息', subscription_notice: '订阅通知', wechatpay: '微信支付' };
const AVATAR_COLOURS = 8;

/** Seconds, milliseconds or an ISO string → milliseconds. */
export function millis(at) {
  if (typeof at === 'number') return at > 1e11 ? at : at * 1000;
  return Date.parse(at);
}

export const clockText = (ms) => CLOCK.format(ms);

/** 14:05 · 昨天 14:05 · 星期三 14:05 · 2025年11月2日 14:05 */
export function stampText(ms, nowMs) {
  const days = Math.round((Date.parse(DAY_NUMBER.format(nowMs)) - Date.parse(DAY_NUMBER.format(ms))) / 86400000);
  const time = CLOCK.format(ms);
  if (days === 0) return time;
  if (days === 1) return `昨天 ${time}`;
  return days > 1 && days < 7 ? `${WEEKDAY.format(ms)} ${time}` : `${DAY.format(ms)} ${time}`;
}

export function stampRow(text) {
  return el('li', { class: 'line stamp' }, text);
}

export function noticeRow(text, taps) {
  return el('li', { class: 'line notice', testid: 'bubble', 'data-who': 'system', 'data-kind': 'notice' }, richText(text, taps));
}

/** `taps` is {quickReply, phone, photo, open}; `citizen` the one who holds the phone. */
export function bubbleRow(bubble, citizen, taps) {
  if (bubble.kind === 'notice' || bubble.who === 'system') return noticeRow(bubble.text ?? '', taps);
  const mine = bubble.who === 'citizen';
  const body = (BODIES[bubble.kind] ?? unknownBody)(bubble, taps);
  const wide = ['news', 'card', 'voucher'].includes(bubble.kind);
  return el(
    'li',
    { class: `row ${mine ? 'mine' : 'theirs'}${wide ? ' wide' : ''}`, testid: 'bubble', 'data-who': bubble.who, 'data-kind': bubble.kind, title: VIA[bubble.via] },
    wide ? null : avatar(mine ? citizen : null),
    el('div', { class: 'said' },
      el('span', { class: 'hidden' }, `${SPEAKER[bubble.who] ?? ''}：`),
      bubble.who === 'agent' ? el('span', { class: 'speaker', 'aria-hidden': 'true' }, '人工客服') : null,
      body),
  );
}

function avatar(citizen) {
  if (!citizen) return el('span', { class: 'avatar account', 'aria-hidden': 'true' }, icon('drop'));
  const colour = [...citizen.openid].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % AVATAR_COLOURS;
  return el('span', { class: `avatar colour-${colour}`, 'aria-hidden': 'true' }, [...citizen.name].at(-1) ?? '民');
}

const BODIES = {
  text: (bubble, taps) => el('div', { class: 'bubble' }, richText(bubble.text ?? '', taps)),
  image: imageBody,
  location: locationBody,
  voice: voiceBody,
  news: newsBody,
  link: newsBody,
  card: templateBody,
  voucher: templateBody, // WeChat Pay's own
};

function unknownBody(bubble) {
  return el('div', { class: 'bubble quiet' }, `[${bubble.kind}]`);
}

function imageBody(bubble, taps) {
  const url = bubble.preview ?? api.mediaUrl(bubble.media_id);
  const picture = el('img', { src: url, alt: '照片', decoding: 'async' });
  const frame = el('button', { type: 'button', class: 'bubble image', 'aria-label': '照片，点按放大', onclick: () => taps.photo(url) }, picture);
  picture.addEventListener('error', () => {
    frame.classList.add('broken');
    frame.replaceChildren('图片已过期或无法打开');
  });
  return frame;
}

function locationBody(bubble) {
  return el('div', { class: 'bubble location' },
    el('strong', {}, bubble.label || '位置'),
    el('small', {}, `北纬 ${Number(bubble.lat).toFixed(5)}，东经 ${Number(bubble.lon).toFixed(5)}`),
    el('span', { class: 'map', 'aria-hidden': 'true' }, icon('pin')));
}

/** The sandbox records no sound: every voice lasts three seconds; what was recognised stands below. */
function voiceBody(bubble) {
  const voice = el('div', { class: 'bubble voice', role: 'img', 'aria-label': '语音 3 秒' }, icon('wave'), '3″');
  return bubble.text ? el('div', { class: 'spoken' }, voice, el('p', {}, bubble.text)) : voice;
}

function newsBody(bubble, taps) {
  const open = bubble.url && webUrl(bubble.url);
  const card = el(open ? 'button' : 'div', { class: 'card', ...(open && { type: 'button', onclick: () => taps.open(bubble.url) }) });
  if (webPicture(bubble.pic_url)) {
    const picture = el('img', { src: bubble.pic_url, alt: '', referrerpolicy: 'no-referrer', decoding: 'async' });
    picture.addEventListener('error', () => picture.remove());
    card.append(picture);
  }
  card.append(el('strong', {}, bubble.title ?? ''));
  if (bubble.description) card.append(el('span', { class: 'about' }, bubble.description));
  if (open && !bubble.pic_url) card.append(el('span', { class: 'more' }, '详情', el('span', { 'aria-hidden': 'true' }, '›')));
  return card;
}

/** A template message: title, then label and value row by row, then 详情 when it leads somewhere. */
function templateBody(bubble, taps) {
  const open = bubble.mini_program || (bubble.url && webUrl(bubble.url));
  const onclick = () => (bubble.mini_program ? toast(`这里会打开小程序 ${bubble.mini_program}`) : taps.open(bubble.url));
  const card = el(open ? 'button' : 'div', { class: 'card template', ...(open && { type: 'button', onclick }) });
  card.append(el('strong', {}, bubble.title ?? ''));
  card.append(el('span', { class: 'rows' }, ...bubble.rows.map(({ label, value }) =>
    el('span', { class: 'pair' }, el('span', { class: 'label' }, `${label}：`), el('span', { class: 'value' }, value)))));
  if (open) card.append(el('span', { class: 'more' }, '详情', el('span', { 'aria-hidden': 'true' }, '›')));
  return card;
}

const webPicture = (url) => Boolean(url) && webUrl(new URL(url, document.baseURI).href);
