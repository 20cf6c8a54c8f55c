/** The keys of the diagram. Everything that a pointer can do there. */

export interface StageKeyActions {
  /** Arrow key's name. */
  go(key: string): void;
  pan(dx: number, dy: number): void;
  moveTable(dx: number, dy: number): void;
  zoom(factor: number): void;
  fit(): void;
  open(): void;
  search(): void;
  clear(): void;
}

const panStep = 80;
const moveStep = 20;
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function addStageKeys(stage: HTMLElement, actions: StageKeyActions): void {
  stage.addEventListener('keydown', (event) => {
    if (event.target !== stage || !press(event, actions)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** False for keys that mean nothing here. */
function press(event: KeyboardEvent, actions: StageKeyActions): boolean {
  const [dx, dy] = arrows[event.key] ?? [0, 0];
  if (dx !== 0 || dy !== 0) {
    if (event.altKey) actions.moveTable(dx * moveStep, dy * moveStep);
    else if (event.shiftKey) actions.pan(-dx * panStep, -dy * panStep);
    else actions.go(event.key);
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => actions.zoom(1.3),
    '=': () => actions.zoom(1.3),
    '-': () => actions.zoom(1 / 1.3),
    '0': () => actions.fit(),
    '/': () => actions.search(),
    Enter: () => actions.open(),
    Escape: () => actions.clear(),
  };
  const action = keys[event.key];
  action?.();
  return action !== undefined;
}
