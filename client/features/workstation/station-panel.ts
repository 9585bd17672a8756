import { withUnit } from '#protocol/procedures/unit-words';
import { noticeProblem, showsMoreBelow } from '../../ui/index.ts';
import type { RenderedStation } from './rendered-station.ts';
import css from './station-panel.module.css';
import { workstationStrings } from './strings.ts';

const t = workstationStrings.text;

/** The buttons of the station, on the page beside what looks through it. Returns what takes them away. */
export function showPanel(station: RenderedStation): () => void {
  const panel = document.createElement('details');
  panel.className = css['panel']!;
  panel.dataset['station'] = '';
  panel.append(made('summary', t('title')), made('p', t('hint')));
  if (station.tools.length > 0) {
    const said = made('p', '');
    said.setAttribute('role', 'status');
    const use = (tool: string, name: string) => async () => {
      const { value, unit } = await station.use(tool);
      said.textContent = t('used', { tool: name, value: withUnit(value, unit) });
    };
    const tools = station.tools.map(({ id, name }) => button(t('tool', { tool: name }), use(id, name)));
    panel.append(row(tools, css['tools']), said);
  }
  panel.append(
    row(
      station.views.map((view) => button(t(view), () => station.look(view))),
      css['views'],
    ),
  );
  if (station.hasKit)
    panel.append(row([box(t('wrongTorque'), station.wrongTorque), box(t('wrongPart'), station.wrongPart)]));
  document.body.append(panel);
  const stop = showsMoreBelow(panel);
  return () => {
    stop();
    panel.remove();
  };
}

function made<K extends keyof HTMLElementTagNameMap>(tag: K, text: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function row(children: readonly HTMLElement[], look = ''): HTMLElement {
  const element = made('div', '');
  element.className = `${css['row']} ${look}`;
  element.append(...children);
  return element;
}

function button(text: string, act: () => void | Promise<void>): HTMLElement {
  const element = made('button', text);
  element.type = 'button';
  element.addEventListener('click', () => {
    // The keys of the room belong to the room again.
    element.blur();
    Promise.resolve(act()).catch(noticeProblem);
  });
  return element;
}

interface Switch {
  get(): boolean;
  set(isOn: boolean): void;
  subscribe(listener: () => void): () => void;
}

function box(text: string, isOn: Switch): HTMLElement {
  const label = made('label', '');
  const input = document.createElement('input');
  input.type = 'checkbox';
  input.checked = isOn.get();
  input.addEventListener('change', () => isOn.set(input.checked));
  isOn.subscribe(() => (input.checked = isOn.get()));
  label.append(input, text);
  return label;
}
