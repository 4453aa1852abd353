// A row of tabs, as the keyboard expects one: arrows move, Tab enters the panel. Used by main.js and office.js.

/** `shown(id)` is told which panel came forward. Answers {show(id)}. */
export function startTabs(list, shown) {
  const tabs = [...list.querySelectorAll('[role="tab"]')];

  function show(id) {
    for (const tab of tabs) {
      const on = tab.getAttribute('aria-controls') === id;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute('aria-controls')).hidden = !on;
    }
    shown(id);
  }

  function onKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.focus();
    show(next.getAttribute('aria-controls'));
  }

  list.addEventListener('keydown', onKey);
  for (const tab of tabs) tab.addEventListener('click', () => show(tab.getAttribute('aria-controls')));
  return { show };
}
