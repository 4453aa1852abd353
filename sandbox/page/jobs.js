// 定时任务: the server's cron jobs, run by hand at the sandbox's time; what they print. Started by main.js.

import { api } from './api.js';
import { byId, el } from './dom.js';

const ENDED = { 0: '完成', 1: '部分完成', 2: '没有完成' };

/** Answers {look()}: to be called when the panel comes forward. */
export function startJobs() {
  let rows = null;

  async function look() {
    if (rows) return;
    try {
      const { jobs } = await api.jobs();
      rows = jobs.map(jobRow);
      byId('jobs').replaceChildren(
        el('p', { class: 'quiet' }, '定时器会按点运行这些任务；在这里按沙盒的时间随时运行。试运行只看不改。要让日子过去，先在上面拨快时钟；夜里（22 点到早上 8 点）不急的推送会等到早上。'),
        el('ol', { class: 'job-list' }, ...rows));
    } catch (error) {
      byId('jobs').replaceChildren(el('p', { class: 'netline', role: 'alert' }, error.message));
    }
  }

  return { look };
}

function jobRow({ name, about }) {
  const said = el('p', { class: 'quiet', role: 'status' });
  const output = el('pre', { hidden: true, tabindex: 0, 'aria-label': `${name} 的输出` });
  const buttons = [button('试运行', 'try', true), button('运行', 'run', false)];

  function button(label, what, dryRun) {
    return el('button', { type: 'button', testid: `job-${what}-${name}`, class: dryRun ? undefined : 'primary', onclick: () => run(dryRun) }, label);
  }

  async function run(dryRun) {
    for (const one of buttons) one.disabled = true;
    said.className = 'quiet';
    said.textContent = '正在运行…';
    output.hidden = true;
    try {
      const ended = await api.runJob(name, dryRun);
      said.textContent = `${ended.now.slice(0, 16).replace('T', ' ')} ${dryRun ? '试运行' : '运行'}：${endText(ended.code)}，用了 ${(ended.ms / 1000).toFixed(1)} 秒`;
      said.classList.toggle('bad', ended.code !== 0);
      output.textContent = ended.output.trimEnd();
      output.hidden = output.textContent === '';
    } catch (error) {
      said.textContent = `没有运行：${error.message}`;
      said.classList.add('bad');
    } finally {
      for (const one of buttons) one.disabled = false;
    }
  }

  return el('li', { class: 'job', testid: `job-${name}` },
    el('div', { class: 'job-head' }, el('div', {}, el('strong', {}, about), el('code', {}, name)), ...buttons), said, output);
}

function endText(code) {
  if (code === null) return '超过 60 秒，已中止';
  return ENDED[code] ?? `退出码 ${code}`;
}
