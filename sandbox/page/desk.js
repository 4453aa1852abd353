// 人工客服台: shown while a citizen waits for a person or talks to one; accept, say, close. Started by main.js.

import { api } from './api.js';
import { byId, el, toast } from './dom.js';

/** `world` is main.js's shared state; each citizen's `service` is none, waiting or open. */
export function startDesk(world) {
  const desk = byId('agent-desk');
  const rows = new Map(); // openid → {service, node}; a row that did not change keeps what was typed

  async function act(call) {
    try {
      await call();
    } catch (error) {
      toast(error.message);
    }
    await world.refresh();
  }

  function waitingRow({ openid, name }) {
    return el('div', { class: 'desk-row' },
      el('span', {}, `${name} 正在等待人工客服`),
      el('button', { type: 'button', class: 'primary', testid: 'agent-accept', onclick: () => act(() => api.agentAccept(openid)) }, '接入'));
  }

  function openRow({ openid, name }) {
    const text = el('input', { required: true, autocomplete: 'off', 'aria-label': `对 ${name} 说`, placeholder: `对 ${name} 说…`, testid: 'agent-text' });
    const say = (event) => {
      event.preventDefault();
      const words = text.value;
      text.value = '';
      act(() => api.agentSay(openid, words));
    };
    return el('form', { class: 'desk-row', onsubmit: say }, text,
      el('button', { type: 'submit', class: 'primary', testid: 'agent-say' }, '发送'),
      el('button', { type: 'button', testid: 'agent-close', onclick: () => act(() => api.agentClose(openid)) }, '结束会话'));
  }

  function show() {
    const served = world.citizens().filter((one) => one.service === 'waiting' || one.service === 'open');
    for (const openid of [...rows.keys()]) {
      const now = served.find((one) => one.openid === openid)?.service;
      if (now === rows.get(openid).service) continue;
      rows.get(openid).node.remove();
      rows.delete(openid);
    }
    if (desk.childElementCount === 0) desk.append(el('h2', {}, '人工客服台'));
    for (const citizen of served.filter((one) => !rows.has(one.openid))) {
      const node = citizen.service === 'open' ? openRow(citizen) : waitingRow(citizen);
      rows.set(citizen.openid, { service: citizen.service, node });
      desk.append(node);
    }
    desk.hidden = served.length === 0;
  }

  return { show };
}
