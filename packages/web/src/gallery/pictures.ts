/** Drawn people and a drawn screen, always the same, as streams of a canvas. */
const SKIN = ['#f1c9a5', '#8d5a3b', '#e0ac86', '#c68d63', '#f6d5bd', '#6f4630'];
const HAIR = ['#2b1d14', '#6b4423', '#141414', '#b98b4a', '#8a8a8a', '#3b2a20'];
const SHIRT = ['#3d6b8f', '#b5523b', '#4f7a52', '#e3e0da', '#5a4a78', '#c9973f', '#2f3a46'];
const WALL = ['#d9d2c5', '#b9c4c6', '#cfc0b2', '#8f9b96', '#e4ded4', '#a8b0bd'];

const at = <T>(list: readonly T[], i: number): T => list[i % list.length]!;

function portrait(ctx: CanvasRenderingContext2D, i: number, width: number, height: number): void {
  const unit = Math.min(width * 0.62, height);
  const cx = width * (0.5 + (((i * 7) % 5) - 2) * 0.02);
  ctx.fillStyle = at(WALL, i);
  ctx.fillRect(0, 0, width, height);
  // A shelf or a window behind, out of focus.
  ctx.filter = `blur(${Math.round(height / 60)}px)`;
  if (i % 2 === 0) {
    ctx.fillStyle = '#6d5847';
    ctx.fillRect(width * 0.04, height * 0.3, width * 0.24, height * 0.03);
    ctx.fillRect(width * 0.04, height * 0.62, width * 0.24, height * 0.03);
    for (let book = 0; book < 7; book += 1) {
      ctx.fillStyle = at(SHIRT, book + i);
      ctx.fillRect(width * (0.05 + book * 0.032), height * (0.14 + (book % 3) * 0.02), width * 0.024, height * (0.16 - (book % 3) * 0.02));
    }
  } else {
    ctx.fillStyle = '#f5f7f4';
    ctx.fillRect(width * 0.72, height * 0.08, width * 0.22, height * 0.5);
    ctx.fillStyle = '#9fb7a0';
    ctx.fillRect(width * 0.72, height * 0.4, width * 0.22, height * 0.18);
  }
  ctx.filter = 'none';
  const head = { x: cx, y: height * 0.42, r: unit * 0.19 };
  ctx.fillStyle = at(SHIRT, i * 3 + 1);
  ctx.beginPath();
  ctx.ellipse(cx, height * 1.06, unit * 0.46, unit * 0.42, 0, 0, Math.PI * 2);
  ctx.fill();
  ctx.fillStyle = at(HAIR, i * 5 + 2);
  ctx.beginPath();
  ctx.ellipse(head.x, head.y - head.r * (i % 3 === 0 ? -0.1 : 0.14), head.r * 1.14, head.r * (i % 3 === 0 ? 1.5 : 1.24), 0, 0, Math.PI * 2);
  ctx.fill();
  ctx.fillStyle = at(SKIN, i);
  ctx.fillRect(cx - head.r * 0.36, head.y + head.r * 0.7, head.r * 0.72, head.r * 0.8);
  ctx.beginPath();
  ctx.ellipse(head.x, head.y + head.r * 0.12, head.r * 0.88, head.r * 1.06, 0, 0, Math.PI * 2);
  ctx.fill();
  ctx.fillStyle = 'rgb(30 20 15 / 0.85)';
  for (const side of [-1, 1]) {
    ctx.beginPath();
    ctx.arc(head.x + side * head.r * 0.34, head.y + head.r * 0.02, head.r * 0.075, 0, Math.PI * 2);
    ctx.fill();
  }
  ctx.strokeStyle = 'rgb(90 30 25 / 0.7)';
  ctx.lineWidth = head.r * 0.07;
  ctx.lineCap = 'round';
  ctx.beginPath();
  ctx.arc(head.x, head.y + head.r * 0.42, head.r * 0.3, 0.25, Math.PI - 0.25);
  ctx.stroke();
}

function slide(ctx: CanvasRenderingContext2D, width: number, height: number): void {
  ctx.fillStyle = '#ffffff';
  ctx.fillRect(0, 0, width, height);
  ctx.fillStyle = '#f2f0ec';
  ctx.fillRect(0, 0, width, height * 0.07);
  ctx.fillStyle = '#1c1917';
  ctx.fillRect(width * 0.06, height * 0.15, width * 0.42, height * 0.05);
  ctx.fillStyle = '#a8a29e';
  for (let line = 0; line < 8; line += 1) {
    ctx.fillRect(width * 0.06, height * (0.28 + line * 0.07), width * (0.36 - (line % 3) * 0.05), height * 0.016);
  }
  for (let bar = 0; bar < 7; bar += 1) {
    const tall = height * (0.16 + ((bar * 37) % 41) / 100);
    ctx.fillStyle = bar === 4 ? '#0f766e' : '#99d5cd';
    ctx.fillRect(width * (0.54 + bar * 0.056), height * 0.84 - tall, width * 0.036, tall);
  }
  ctx.fillStyle = '#d6d3d1';
  ctx.fillRect(width * 0.53, height * 0.84, width * 0.4, 2);
}

function streamOf(width: number, height: number, draw: (ctx: CanvasRenderingContext2D) => void): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext('2d')!;
  draw(ctx);
  const stream = canvas.captureStream();
  // A canvas sends a frame when it is drawn on: the same picture again.
  setInterval(() => draw(ctx), 400);
  return stream;
}

const cameras = new Map<number, MediaStream>();
export function cameraStream(i: number, upright = false): MediaStream {
  const found = cameras.get(i);
  if (found) return found;
  const [width, height] = upright ? [360, 640] : [640, 360];
  const made = streamOf(width, height, (ctx) => portrait(ctx, i, width, height));
  cameras.set(i, made);
  return made;
}

let screen: MediaStream | null = null;
export const screenStream = (): MediaStream => (screen ??= streamOf(1600, 900, (ctx) => slide(ctx, 1600, 900)));
