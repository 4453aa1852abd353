// The phone: one citizen's conversation. What the citizen does goes to the control API, what the account
// says comes back through the feed of bubbles. Started by main.js.

import { api, follow } from './api.js';
import { createAttach } from './attach.js';
import { createChat } from './chat.js';
import { createComposer } from './composer.js';
import { byId, el, icon, toast } from './dom.js';
import { webUrl } from './richtext.js';
import { actionSheet, formSheet, photoViewer } from './sheets.js';

const randomHex = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** `world` is main.js's shared state: {account(), citizen(), nowMs(), refresh()}. */
export function createPhone(world) {
  const chat = createChat({ quickReply, phone: phoneSheet, photo: photoViewer, open: openUrl }, world.nowMs);
  const attach = createAttach({ send, photos: sendPhotos });
  const composer = createComposer({ say: (content) => send({ type: 'text', content }), tapMenu }, attach.panel);
  let feed = new AbortController();
  const waiting = new Map(); // openid → answers on their way

  function quickReply(content, menuId) {
    return send({ type: 'text', content, ...(menuId && { menu_id: menuId }) });
  }

  async function send(action) {
    composer.closeAttach();
    const who = world.citizen();
    showTyping(who, 1);
    try {
      const outcome = await api.send(who.openid, action);
      if (who === world.citizen()) chat.add(outcome.bubbles ?? [], who);
    } catch (error) {
      sendFailed(who, action, error);
    } finally {
      showTyping(who, -1);
    }
  }

  function sendFailed(who, action, error) {
    if (who !== world.citizen() || action.type !== 'text') toast(`没有发出去：${error.message}`);
    else chat.fail(chat.pend({ kind: 'text', text: action.content }, who), error.message, () => send(action));
  }

  async function sendPhotos(files) {
    composer.closeAttach();
    for (const file of files.filter((one) => one.type.startsWith('image/'))) await sendPhoto(file);
  }

  async function sendPhoto(file) {
    const who = world.citizen();
    const preview = URL.createObjectURL(file);
    const row = chat.pend({ kind: 'image', preview }, who);
    try {
      const { media_id } = await api.photo(who.openid, file);
      row.remove();
      URL.revokeObjectURL(preview);
      await send({ type: 'image', media_id });
    } catch (error) {
      chat.fail(row, error.message, () => sendPhoto(file));
    }
  }

  function tapMenu(button) {
    const { type, key = '' } = button;
    if (type === 'click') return send({ type, key });
    if (button.url) return view(button.url);
    const event = (fields) => send({ type: 'event', event: type, key, fields });
    if (type.startsWith('scancode')) return scanSheet(event);
    if (type === 'location_select') return attach.location((place) => event({ SendLocationInfo: { Location_X: place.lat, Location_Y: place.lon, Scale: 16, Label: place.label, Poiname: '' } }));
    if (type.startsWith('pic_')) return attach.pickPhotos(type === 'pic_sysphoto', (files) => event({ SendPicsInfo: { Count: files.length, PicList: { item: files.map(() => ({ PicMd5Sum: randomHex() })) } } }));
    return event({});
  }

  function scanSheet(event) {
    formSheet('扫一扫', [{ label: '码里的内容', name: 'result', required: true, value: 'WM0000000001' }], '扫描', ({ result }) => event({ ScanCodeInfo: { ScanType: 'qrcode', ScanResult: result } }));
  }

  function openUrl(url) {
    if (webUrl(url)) window.open(url, '_blank', 'noopener,noreferrer');
    else toast(`打不开这个地址：${url}`);
  }

  function view(url) {
    openUrl(url); // first, while the tap still counts as the reader's own
    return send({ type: 'view', url });
  }

  function phoneSheet(number) {
    actionSheet(`${number} 可能是一个电话号码，你可以`, [
      { label: '呼叫', href: `tel:${number.replace(/[^\d+]/g, '')}` },
      { label: '复制号码', onpick: () => navigator.clipboard?.writeText(number).then(() => toast('已复制'), () => toast('复制不了，请手动选取')) },
    ]);
  }

  function showTyping({ openid }, change) {
    waiting.set(openid, (waiting.get(openid) ?? 0) + change);
    const typing = waiting.get(world.citizen().openid) > 0;
    byId('title').textContent = typing ? '对方正在输入…' : world.account().name;
    byId('phone').dataset.typing = typing ? 'yes' : 'no';
  }

  function followCard(citizen) {
    const scene = el('input', { name: 'scene', maxlength: 64, placeholder: '例如 hall_01', autocomplete: 'off' });
    const go = () => changeFollowing(() => api.follow(citizen.openid, scene.value.trim()));
    const card = el('form', { class: 'follow-card', onsubmit: (event) => { event.preventDefault(); go(); } },
      el('span', { class: 'avatar account big', 'aria-hidden': 'true' }, icon('drop')),
      el('strong', {}, world.account().name),
      el('p', { class: 'quiet' }, '关注后可以查水费、报修、办业务，并收到账单和停水通知。'),
      el('button', { type: 'submit', class: 'follow-button', testid: 'follow' }, '关注'),
      el('details', {}, el('summary', {}, '扫门店二维码关注'), el('label', {}, '场景值', scene)));
    byId('follow-card').replaceChildren(card);
  }

  async function changeFollowing(call) {
    const who = world.citizen();
    showTyping(who, 1);
    try {
      const outcome = await call();
      if (who === world.citizen()) chat.add(outcome.bubbles ?? [], who);
      await Promise.all([world.refresh(), loadMenu()]);
    } catch (error) {
      toast(`没有成功：${error.message}`);
    } finally {
      showTyping(who, -1);
    }
  }

  function unfollow() {
    actionSheet('取消关注后，公众号不能再给你发消息。', [
      { label: '取消关注', danger: true, onpick: () => changeFollowing(() => api.unfollow(world.citizen().openid)) },
    ]);
  }

  async function loadMenu() {
    try {
      composer.setMenu((await api.menu()).button ?? []);
    } catch (error) {
      if (error.status !== 0) toast(`菜单取不到：${error.message}`); // away: the line above the chat says so
    }
  }

  function showFollowing() {
    const citizen = world.citizen();
    composer.show(citizen.following);
    byId('unfollow').hidden = !citizen.following;
    byId('follow-card').hidden = citizen.following;
    if (!citizen.following) followCard(citizen);
    else byId('follow-card').replaceChildren();
    chat.goDown();
  }

  function onAway(info) {
    const line = byId('netline');
    line.hidden = info === null;
    if (info === null) {
      world.refresh();
      loadMenu();
    } else line.textContent = `连接不上沙盒，${info.pause_s} 秒后再试（第 ${info.tries} 次）`;
  }

  /** Shows the chosen citizen's conversation from its beginning. */
  function open() {
    feed.abort();
    feed = new AbortController();
    const { signal } = feed;
    const who = world.citizen();
    byId('netline').hidden = true; // shown again when the new feed finds nobody
    chat.clear();
    chat.announce(false);
    showTyping(who, 0);
    showFollowing();
    loadMenu();
    follow(api.bubblesPath(who.openid), {
      signal,
      onAway,
      onRestart: () => { chat.clear(); world.refresh(); },
      onNews: ({ bubbles }) => {
        chat.add(bubbles, who);
        requestAnimationFrame(() => chat.announce(true));
      },
    });
  }

  byId('unfollow').addEventListener('click', unfollow);
  byId('profile').addEventListener('click', () => (world.citizen().following ? unfollow() : toast('还没有关注这个公众号')));
  return { loadMenu, open, prefill: composer.prefill, showFollowing };
}
