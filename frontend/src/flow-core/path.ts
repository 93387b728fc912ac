import type { Point } from "./graph";

const CORNER = 10;

/** An SVG path through points whose neighbours share x or y, with round corners. */
export function orthogonalPath(points: readonly Point[]): string {
  const turns = withoutStraight(points);
  const [first] = turns;
  if (!first) return "";
  let path = `M${number(first.x)} ${number(first.y)}`;
  for (let index = 1; index < turns.length; index += 1) {
    const here = turns[index] as Point;
    const before = turns[index - 1] as Point;
    const after = turns[index + 1];
    if (!after) {
      path += `L${number(here.x)} ${number(here.y)}`;
      break;
    }
    const radius = Math.min(CORNER, distance(before, here) / 2, distance(here, after) / 2);
    const enter = towards(here, before, radius);
    const leave = towards(here, after, radius);
    path += `L${number(enter.x)} ${number(enter.y)}Q${number(here.x)} ${number(here.y)} ${number(leave.x)} ${number(leave.y)}`;
  }
  return path;
}

function withoutStraight(points: readonly Point[]): Point[] {
  const distinct = points.filter((point, index) => {
    const before = points[index - 1];
    return !before || before.x !== point.x || before.y !== point.y;
  });
  return distinct.filter((point, index) => {
    const before = distinct[index - 1];
    const after = distinct[index + 1];
    if (!before || !after) return true;
    return !(
      (before.x === point.x && point.x === after.x) ||
      (before.y === point.y && point.y === after.y)
    );
  });
}

function distance(one: Point, other: Point): number {
  return Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
}

function towards(from: Point, to: Point, length: number): Point {
  return {
    x: from.x + Math.sign(to.x - from.x) * length,
    y: from.y + Math.sign(to.y - from.y) * length,
  };
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}
