// The line above the phone: who holds it. `world` is main.js's shared state.

import { api } from './api.js';
import { byId, el, toast } from './dom.js';
import { formSheet } from './sheets.js';

export function startCitizens(world) {
  const select = byId('citizen-select');
  select.addEventListener('change', () => world.choose(select.value));
  byId('switcher').addEventListener('submit', (event) => event.preventDefault());
  byId('new-citizen').addEventListener('click', () => {
    formSheet('新市民', [{ label: '名字', name: 'name', maxlength: 20, placeholder: '不填就按顺序起名' }], '添加', add);
  });

  async function add({ name }) {
    try {
      const citizen = await api.newCitizen(name.trim());
      await world.refresh();
      world.choose(citizen.openid);
    } catch (error) {
      toast(`没有添加成功：${error.message}`);
    }
  }

  function show() {
    select.replaceChildren(...world.citizens().map((one) => el('option', { value: one.openid }, one.following ? one.name : `${one.name}（未关注）`)));
    select.value = world.citizen().openid;
  }

  return { show };
}
