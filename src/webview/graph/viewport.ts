/** Which part of the scene is in sight: an offset and a zoom. Pure arithmetic on values. */
import { type Bounds } from './scene.js';

/** A point of the scene is shown at `(x + sceneX * zoom, y + sceneY * zoom)`. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const smallestZoom = 0.03;
export const largestZoom = 3;

export function panned({ x, y, zoom }: Viewport, dx: number, dy: number): Viewport {
  return { x: x + dx, y: y + dy, zoom };
}

/** The point of the screen keeps its place in the scene. */
export function zoomedAt({ x, y, zoom }: Viewport, factor: number, atX: number, atY: number): Viewport {
  const next = Math.min(largestZoom, Math.max(smallestZoom, zoom * factor));
  return { x: atX - ((atX - x) * next) / zoom, y: atY - ((atY - y) * next) / zoom, zoom: next };
}

/** Everything inside, with a margin and, below, room for what lies over the picture; never larger than life. */
export function fitting(bounds: Bounds, { width: wide, height: high }: Size, margin = 28, below = 24): Viewport {
  const size = { width: wide, height: Math.max(1, high - below) };
  const [width, height] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  const room = Math.min((size.width - 2 * margin) / Math.max(1, width), (size.height - 2 * margin) / Math.max(1, height));
  const zoom = Math.min(1, Math.max(smallestZoom, room));
  return {
    x: (size.width - width * zoom) / 2 - bounds.left * zoom,
    y: (size.height - height * zoom) / 2 - bounds.top * zoom,
    zoom,
  };
}

/** The part of the scene in sight, grown by a share of its own size on every side. */
export function sight({ x, y, zoom }: Viewport, { width, height }: Size, margin = 0): Bounds {
  const [w, h] = [width / zoom, height / zoom];
  const [left, top] = [-x / zoom - w * margin, -y / zoom - h * margin];
  return { left, top, right: left + w * (1 + 2 * margin), bottom: top + h * (1 + 2 * margin) };
}

/** Moved as little as needed for the bounds to be wholly in sight; in the middle when they were out of sight. */
export function revealing(view: Viewport, bounds: Bounds, size: Size, margin = 24): Viewport {
  const left = view.x + bounds.left * view.zoom;
  const right = view.x + bounds.right * view.zoom;
  const top = view.y + bounds.top * view.zoom;
  const bottom = view.y + bounds.bottom * view.zoom;
  const isOut = right < 0 || bottom < 0 || left > size.width || top > size.height;
  if (isOut) return panned(view, size.width / 2 - (left + right) / 2, size.height / 2 - (top + bottom) / 2);
  return panned(view, shift(left, right, size.width, margin), shift(top, bottom, size.height, margin));
}

function shift(from: number, to: number, room: number, margin: number): number {
  if (from < margin || to - from > room - 2 * margin) return margin - from;
  return to > room - margin ? room - margin - to : 0;
}

/** Undefined for what was never a viewport. */
export function readViewport(value: unknown): Viewport | undefined {
  if (typeof value !== 'object' || value === null || !('x' in value) || !('y' in value) || !('zoom' in value)) return undefined;
  const { x, y, zoom } = value;
  if (typeof x !== 'number' || typeof y !== 'number' || typeof zoom !== 'number') return undefined;
  return Number.isFinite(x + y) && zoom >= smallestZoom && zoom <= largestZoom ? { x, y, zoom } : undefined;
}
