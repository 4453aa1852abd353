// Clock, token and fault switches: each change is one PUT of the part that changed. Started by main.js.

import { api } from './api.js';
import { startClock } from './clock.js';
import { byId, el, toast } from './dom.js';
import { faultGroups } from './faults.js';

export function startControls(world, faults) {
  startClock(world);
  startToken();
  const form = startFaults(faults);
  return { away: (info) => { form.inert = info !== null; } };
}

function startToken() {
  const press = (call, done) => async () => {
    try {
      done(await call());
    } catch (error) {
      toast(error.message);
    }
  };
  const token = press(api.invalidateToken, () => toast('access_token 已失效：服务器下一次调用会收到 40001'));
  const verify = press(api.verify, ({ ok, problem }) => toast(ok ? '服务器通过了验证' : `没有通过验证：${problem}`));
  byId('clock').append(el('span', { class: 'steps', role: 'group', 'aria-label': '令牌和回调' },
    el('button', { type: 'button', testid: 'token-invalidate', onclick: token }, '令牌失效'),
    el('button', { type: 'button', testid: 'verify', title: '像在公众平台后台按“保存配置”：GET 验证回调地址', onclick: verify }, '验证回调')));
}

function startFaults(faults) {
  const form = byId('faults');
  form.addEventListener('submit', (event) => event.preventDefault());
  let current = faults;
  let changes = 0;

  async function put(part, group) {
    changes += 1;
    try {
      current = await api.putFaults(part);
    } catch (error) {
      if (error.status === 409) unavailable(group, error.message);
      else toast(`没有改成：${error.message}`);
    }
    show();
  }

  function unavailable(group, why) {
    const box = form.querySelector(`[data-group="${group}"]`);
    box.disabled = true;
    box.querySelector('.note').textContent = '只有用 make demo 启动时才能切换。';
    box.title = why;
  }

  const groups = faultGroups(put);
  form.append(...groups.map((group) => group.node), el('button', { type: 'button', class: 'reset', testid: 'faults-reset', onclick: reset }, '全部恢复正常'));

  async function reset() {
    for (const group of groups.filter((one) => !one.node.disabled)) await put(group.healthy, group.node.dataset.group);
  }

  function show() {
    for (const group of groups) group.show(current);
    const on = groups.filter((group) => !group.node.disabled && group.active(current)).map((group) => group.title);
    byId('faults-summary').textContent = on.length > 0 ? `已开启：${on.join('、')}` : '全部正常';
    byId('faults-summary').classList.toggle('bad', on.length > 0);
  }

  /** A test or another tab may have thrown a switch meanwhile. */
  byId('faults-panel').addEventListener('toggle', async () => {
    const before = changes;
    try {
      const found = await api.faults();
      if (changes === before) current = found; // else it is older than what was thrown here meanwhile
    } catch {
      return; // away: the line above the entries says so
    }
    show();
  });
  show();
  return form;
}
