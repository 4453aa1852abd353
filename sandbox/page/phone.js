// The phone: one citizen's conversation. What the citizen does goes to the control API, what the account
// says comes back through the feed of bubbles. Started by main.js.

import { api, follow } from './api.js';
import { Attach } from './attach.js';
import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { byId, toast } from './dom.js';
import { hideFollowCard, showFollowCard } from './followcard.js';
import { openPage, tapMenu } from './menutaps.js';
import { profileSheet } from './profile.js';
import { actionSheet, photoViewer } from './sheets.js';

export class Phone {
  #world;
  #chat;
  #composer;
  #feed = new AbortController();
  #shown = ''; // whose bar or card stands there
  #waiting = new Map(); // openid → answers on their way

  /** `world` is main.js's shared state: {account(), citizen(), nowMs(), meterAccount(), refresh()}. */
  constructor(world) {
    const send = (action) => this.send(action);
    const attach = new Attach({ send, photos: (files) => this.#sendPhotos(files), meter: () => ({ citizen: world.citizen().openid, acct_no: world.meterAccount() }) });
    const say = (content, menuId) => send({ type: 'text', content, ...(menuId && { menu_id: menuId }) });
    const open = (url) => openPage(url, world.citizen().openid);
    this.#world = world;
    this.#chat = new Chat({ quickReply: say, phone: callSheet, photo: photoViewer, open }, world.nowMs);
    this.#composer = new Composer({ say, tapMenu: (button) => tapMenu(button, send, attach, open) }, attach.panel);
    byId('unfollow').addEventListener('click', () => this.#askUnfollow());
    byId('profile').addEventListener('click', () => this.#showProfile());
  }

  /** Shows the chosen citizen's conversation from its beginning. */
  open() {
    const who = this.#world.citizen();
    this.#feed.abort();
    this.#feed = new AbortController();
    byId('netline').hidden = true; // shown again when the new feed finds nobody
    this.#chat.clear();
    this.#chat.announce(false);
    this.#showTyping(who, 0);
    this.showFollowing();
    this.loadMenu();
    follow(api.bubblesPath(who.openid), {
      signal: this.#feed.signal,
      onAway: (info) => this.#onAway(info),
      onRestart: () => this.#onRestart(),
      onNews: ({ bubbles }) => this.#onNews(bubbles, who),
    });
  }

  /** The line under the chat, or the card of somebody who does not follow. */
  showFollowing() {
    const { openid, following } = this.#world.citizen();
    if (this.#shown === `${openid} ${following}`) return;
    this.#shown = `${openid} ${following}`;
    this.#composer.show(following);
    byId('unfollow').hidden = !following;
    if (following) hideFollowCard();
    else showFollowCard(this.#world.account().name, (scene) => this.#changeFollowing(() => api.follow(openid, scene)));
  }

  prefill(text) {
    this.#composer.prefill(text);
  }

  async loadMenu() {
    try {
      this.#composer.setMenu((await api.menu()).button ?? []);
    } catch (error) {
      if (error.status !== 0) toast(`菜单取不到：${error.message}`); // away: the line above the chat says so
    }
  }

  async send(action, who = this.#world.citizen()) {
    this.#composer.closePanel();
    try {
      await this.#await(who, () => api.send(who.openid, action));
    } catch (error) {
      this.#sendFailed(who, action, error);
    }
  }

  /** Runs the call while the title says that an answer is being written; shows the bubbles it brings. */
  async #await(who, call) {
    this.#showTyping(who, 1);
    try {
      const outcome = await call();
      if (who.openid === this.#world.citizen().openid) this.#chat.add(outcome.bubbles ?? [], who);
    } finally {
      this.#showTyping(who, -1);
    }
  }

  #sendFailed(who, action, error) {
    if (who.openid !== this.#world.citizen().openid || action.type !== 'text') toast(`没有发出去：${error.message}`);
    else this.#chat.fail(this.#chat.pend({ kind: 'text', text: action.content }, who), error.message, () => this.send(action, who));
  }

  async #sendPhotos(files) {
    const who = this.#world.citizen();
    this.#composer.closePanel();
    for (const file of files.filter((one) => one.type.startsWith('image/'))) await this.#sendPhoto(file, who);
  }

  async #sendPhoto(file, who) {
    const preview = URL.createObjectURL(file);
    const row = this.#chat.pend({ kind: 'image', preview }, who);
    try {
      const { media_id } = await api.photo(who.openid, file);
      row.remove();
      URL.revokeObjectURL(preview);
      await this.send({ type: 'image', media_id }, who);
    } catch (error) {
      this.#chat.fail(row, error.message, () => this.#sendPhoto(file, who));
    }
  }

  async #changeFollowing(call) {
    try {
      await this.#await(this.#world.citizen(), call);
    } catch (error) {
      toast(`没有成功：${error.message}`);
    }
    await Promise.all([this.#world.refresh(), this.loadMenu()]);
  }

  #showProfile() {
    const citizen = this.#world.citizen();
    if (!citizen.following) toast('还没有关注这个公众号');
    else profileSheet(citizen, { unfollow: () => this.#askUnfollow(), changed: () => this.#world.refresh() });
  }

  #askUnfollow() {
    const { openid } = this.#world.citizen();
    actionSheet('取消关注后，公众号不能再给你发消息。', [
      { label: '取消关注', danger: true, onpick: () => this.#changeFollowing(() => api.unfollow(openid)) },
    ]);
  }

  #showTyping({ openid }, change) {
    this.#waiting.set(openid, (this.#waiting.get(openid) ?? 0) + change);
    const typing = this.#waiting.get(this.#world.citizen().openid) > 0;
    byId('title').textContent = typing ? '对方正在输入…' : this.#world.account().name;
  }

  #onNews(bubbles, who) {
    this.#chat.add(bubbles, who);
    requestAnimationFrame(() => this.#chat.announce(true));
  }

  #onRestart() {
    this.#chat.clear();
    this.#world.refresh();
  }

  #onAway(info) {
    const line = byId('netline');
    line.hidden = info === null;
    if (info) line.textContent = `连接不上沙盒，${info.pause_s} 秒后再试（第 ${info.tries} 次）`;
    else {
      this.#world.refresh();
      this.loadMenu();
    }
  }
}

function callSheet(number) {
  const copy = () => navigator.clipboard?.writeText(number).then(() => toast('已复制'), () => toast('复制不了，请手动选取'));
  actionSheet(`${number} 可能是一个电话号码，你可以`, [
    { label: '呼叫', href: `tel:${number.replace(/[^\d+]/g, '')}` },
    { label: '复制号码', onpick: copy },
  ]);
}
