/** Drawn people and a drawn screen, always the same, as streams of a canvas. */
const SKIN = ['#f1c9a5', '#8d5a3b', '#e0ac86', '#c68d63', '#f6d5bd', '#6f4630'];
const HAIR = ['#2b1d14', '#6b4423', '#141414', '#b98b4a', '#8a8a8a', '#3b2a20'];
const SHIRT = ['#3d6b8f', '#b5523b', '#4f7a52', '#e3e0da', '#5a4a78', '#c9973f', '#2f3a46'];
const WALL = ['#d9d2c5', '#b9c4c6', '#cfc0b2', '#8f9b96', '#e4ded4', '#a8b0bd'];

const at = <T>(list: readonly T[], i: number): T => list[i % list.length]!;

function portrait(ctx: CanvasRenderingContext2D, i: number, width: number, height: number): void {
  const unit = Math.min(width * 1.2, height);
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
      ctx.fillRect(
        width * (0.05 + book * 0.032),
        height * (0.14 + (book % 3) * 0.02),
        width * 0.024,
        height * (0.16 - (book % 3) * 0.02),
      );
    }
  } else {
    ctx.fillStyle = '#f5f7f4';
    ctx.fillRect(width * 0.72, height * 0.08, width * 0.22, height * 0.5);
    ctx.fillStyle = '#9fb7a0';
    ctx.fillRect(width * 0.72, height * 0.4, width * 0.22, height * 0.18);
  }
  ctx.filter = 'none';
  const head = { x: cx, y: height > width ? height * 0.46 : height - unit * 0.58, r: unit * 0.19 };
  ctx.fillStyle = at(SHIRT, i * 3 + 1);
  ctx.beginPath();
  ctx.ellipse(cx, head.y + unit * 0.64, unit * 0.46, unit * 0.42, 0, 0, Math.PI * 2);
  ctx.fill();
  ctx.fillRect(cx - unit * 0.46, head.y + unit * 0.64, unit * 0.92, height);
  ctx.fillStyle = at(HAIR, i * 5 + 2);
  ctx.beginPath();
  ctx.ellipse(
    head.x,
    head.y - head.r * (i % 3 === 0 ? -0.1 : 0.14),
    head.r * 1.14,
    head.r * (i % 3 === 0 ? 1.5 : 1.24),
    0,
    0,
    Math.PI * 2,
  );
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

const QUARTERS = [52, 61, 58, 74, 69, 83, 91];

function slide(ctx: CanvasRenderingContext2D, width: number, height: number): void {
  const write = (text: string, x: number, y: number, size: number, colour: string, weight = 400) => {
    ctx.fillStyle = colour;
    ctx.font = `${weight} ${Math.round(height * size)}px "Inter Variable", sans-serif`;
    ctx.fillText(text, width * x, height * y);
  };
  ctx.fillStyle = '#ffffff';
  ctx.fillRect(0, 0, width, height);
  write('Visits per month', 0.06, 0.17, 0.062, '#1c1917', 600);
  write('Spring to autumn, in thousands', 0.06, 0.235, 0.03, '#57534e');
  [
    '91 thousand in October, the most so far',
    'Two thirds come back within a week',
    'The new start page loads in 0.8 s',
    'Next: translations, shorter sign-up',
  ].forEach((line, i) => {
    ctx.fillStyle = '#0f766e';
    ctx.beginPath();
    ctx.arc(width * 0.066, height * (0.372 + i * 0.1), height * 0.008, 0, Math.PI * 2);
    ctx.fill();
    write(line, 0.085, 0.384 + i * 0.1, 0.032, '#292524');
  });
  ctx.fillStyle = '#d6d3d1';
  ctx.fillRect(width * 0.53, height * 0.84, width * 0.41, 2);
  QUARTERS.forEach((value, i) => {
    const tall = (height * 0.58 * value) / 100;
    ctx.fillStyle = i === QUARTERS.length - 1 ? '#0f766e' : '#a7d8d2';
    ctx.fillRect(width * (0.54 + i * 0.057), height * 0.84 - tall, width * 0.04, tall);
    write(String(value), 0.549 + i * 0.057, 0.825 - tall / height, 0.024, '#57534e');
  });
}

function streamOf(width: number, height: number, draw: (ctx: CanvasRenderingContext2D) => void): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext('2d')!;
  draw(ctx);
  const still = document.createElement('canvas');
  still.width = width;
  still.height = height;
  still.getContext('2d')!.drawImage(canvas, 0, 0);
  const stream = canvas.captureStream();
  // A canvas sends a frame when it is drawn on: the same picture again.
  setInterval(() => ctx.drawImage(still, 0, 0), 700);
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
export const screenStream = (): MediaStream =>
  (screen ??= streamOf(1600, 900, (ctx) => slide(ctx, 1600, 900)));
