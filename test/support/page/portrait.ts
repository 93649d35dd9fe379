/**
 * A painted person in a room, for screenshots that shall look like a meeting and not like a test card. Drawn with a canvas in
 * any browser page; `window.__paint(look, frame, frames, width, height)` gives one JPEG as base64.
 */
interface Look {
  wall: [string, string];
  skin: string;
  shade: string;
  hair: string;
  top: string;
  long: boolean;
  glasses: boolean;
  thing: 'window' | 'shelf' | 'plant' | 'lamp';
}

const LOOKS: Look[] = [
  {
    wall: ['#d9c9b4', '#b79f84'],
    skin: '#e9b796',
    shade: '#cf9474',
    hair: '#3a2a22',
    top: '#2f5d62',
    long: true,
    glasses: false,
    thing: 'window',
  },
  {
    wall: ['#a9b8b4', '#71857f'],
    skin: '#9a6444',
    shade: '#7d4c31',
    hair: '#15110f',
    top: '#d8b24a',
    long: false,
    glasses: true,
    thing: 'shelf',
  },
  {
    wall: ['#c7bfd0', '#8f869c'],
    skin: '#f0c6a5',
    shade: '#d7a383',
    hair: '#a8652d',
    top: '#7b3f4a',
    long: true,
    glasses: false,
    thing: 'lamp',
  },
  {
    wall: ['#b9c6d6', '#7d8fa6'],
    skin: '#dba57d',
    shade: '#bd855e',
    hair: '#6d6a67',
    top: '#34415c',
    long: false,
    glasses: false,
    thing: 'plant',
  },
];

function oval(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  rx: number,
  ry: number,
  fill: string,
): void {
  pen.fillStyle = fill;
  pen.beginPath();
  pen.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
  pen.fill();
}

function room(pen: CanvasRenderingContext2D, look: Look): void {
  const wall = pen.createLinearGradient(0, 0, 1280, 720);
  wall.addColorStop(0, look.wall[0]);
  wall.addColorStop(1, look.wall[1]);
  pen.fillStyle = wall;
  pen.fillRect(0, 0, 1280, 720);
  if (look.thing === 'window') {
    const sky = pen.createLinearGradient(0, 60, 0, 430);
    sky.addColorStop(0, '#eef6fb');
    sky.addColorStop(1, '#c9e0d2');
    pen.fillStyle = '#f4efe7';
    pen.fillRect(70, 50, 330, 420);
    pen.fillStyle = sky;
    pen.fillRect(88, 68, 140, 384);
    pen.fillRect(244, 68, 140, 384);
  } else if (look.thing === 'shelf') {
    for (const [row, y] of [130, 290, 450].entries()) {
      pen.fillStyle = '#5d4a3b';
      pen.fillRect(850, y, 360, 14);
      for (let book = 0; book < 9; book += 1) {
        pen.fillStyle =
          ['#b5533c', '#e0c58f', '#46616b', '#8a9a5b', '#d9d2c5'][(book * 3 + row) % 5] ?? '#888';
        const high = 70 + ((book * 37 + row * 19) % 40);
        pen.fillRect(862 + book * 36, y - high, 30, high);
      }
    }
  } else if (look.thing === 'lamp') {
    const glow = pen.createRadialGradient(1030, 230, 10, 1030, 230, 330);
    glow.addColorStop(0, '#ffe9b8');
    glow.addColorStop(1, '#ffe9b800');
    pen.fillStyle = glow;
    pen.fillRect(640, 0, 640, 640);
    pen.fillStyle = '#6b5a4a';
    pen.fillRect(1024, 280, 12, 440);
    pen.fillStyle = '#f6dca0';
    pen.beginPath();
    pen.moveTo(960, 300);
    pen.lineTo(1100, 300);
    pen.lineTo(1070, 180);
    pen.lineTo(990, 180);
    pen.fill();
  } else {
    pen.fillStyle = '#a5674a';
    pen.fillRect(160, 560, 130, 160);
    for (let leaf = 0; leaf < 11; leaf += 1) {
      pen.save();
      pen.translate(225, 560);
      pen.rotate(((leaf - 5) * Math.PI) / 13);
      oval(pen, 0, -150, 24, 150, leaf % 2 ? '#4c7a4f' : '#6a9a5f');
      pen.restore();
    }
  }
}

function person(pen: CanvasRenderingContext2D, look: Look, phase: number): void {
  const x = 640 + Math.sin(phase) * 14;
  const y = 300 + Math.sin(phase * 2) * 5;
  if (look.long) oval(pen, x, y + 60, 168, 232, look.hair);
  pen.fillStyle = look.shade;
  pen.fillRect(x - 52, y + 110, 104, 130);
  pen.fillStyle = look.top;
  pen.beginPath();
  pen.moveTo(x - 330, 730);
  pen.bezierCurveTo(x - 320, 540, x - 190, 520, x - 62, 490);
  pen.quadraticCurveTo(x, 560, x + 62, 490);
  pen.bezierCurveTo(x + 190, 520, x + 320, 540, x + 330, 730);
  pen.fill();
  oval(pen, x - 132, y + 10, 20, 34, look.shade);
  oval(pen, x + 132, y + 10, 20, 34, look.shade);
  oval(pen, x, y, 132, 168, look.skin);
  pen.fillStyle = look.hair;
  pen.beginPath();
  pen.moveTo(x - 140, y - 4);
  pen.bezierCurveTo(x - 160, y - 220, x + 160, y - 220, x + 140, y - 4);
  pen.bezierCurveTo(x + 120, y - 90, x + 50, y - 110, x - 30, y - 104);
  pen.bezierCurveTo(x - 90, y - 98, x - 124, y - 60, x - 140, y - 4);
  pen.fill();
  const blink = Math.abs(Math.sin(phase / 2)) > 0.985 ? 0.15 : 1;
  for (const side of [-1, 1]) {
    oval(pen, x + side * 50, y - 4, 13, 15 * blink, '#2b211c');
    oval(pen, x + side * 50 + 4, y - 9, 4, 4 * blink, '#ffffffcc');
    pen.strokeStyle = look.hair;
    pen.lineWidth = 9;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.arc(x + side * 50, y - 6, 38, -Math.PI * 0.72, -Math.PI * 0.28);
    pen.stroke();
    if (look.glasses) {
      pen.strokeStyle = '#2a2523';
      pen.lineWidth = 7;
      pen.beginPath();
      pen.arc(x + side * 50, y - 2, 40, 0, 2 * Math.PI);
      pen.stroke();
    }
    oval(pen, x + side * 78, y + 58, 26, 16, `${look.shade}55`);
  }
  pen.strokeStyle = look.shade;
  pen.lineWidth = 8;
  pen.beginPath();
  pen.arc(x, y + 26, 22, Math.PI * 0.15, Math.PI * 0.85);
  pen.stroke();
  const talk = Math.max(0, Math.sin(phase * 3)) * 9;
  pen.strokeStyle = '#8c4a3f';
  pen.fillStyle = '#7a3730';
  pen.lineWidth = 7;
  pen.beginPath();
  pen.moveTo(x - 40, y + 84);
  pen.quadraticCurveTo(x, y + 112 + talk, x + 40, y + 84);
  pen.quadraticCurveTo(x, y + 104, x - 40, y + 84);
  pen.fill();
  pen.stroke();
}

const rooms = new Map<Look, OffscreenCanvas>();

/** The room out of focus. Blurred once as a whole: it is by far the most costly step. */
function blurredRoom(look: Look): OffscreenCanvas {
  let done = rooms.get(look);
  if (done) return done;
  const sharp = new OffscreenCanvas(1280, 720);
  room(penOf(sharp), look);
  done = new OffscreenCanvas(1280, 720);
  const pen = penOf(done);
  pen.filter = 'blur(7px)';
  pen.drawImage(sharp, -8, -8, 1296, 736);
  rooms.set(look, done);
  return done;
}

function penOf(canvas: OffscreenCanvas): CanvasRenderingContext2D {
  return canvas.getContext('2d', { alpha: false }) as unknown as CanvasRenderingContext2D;
}

async function paint(
  look: number,
  frame: number,
  frames: number,
  width: number,
  height: number,
): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  const pen = penOf(canvas);
  pen.scale(width / 1280, height / 720);
  const chosen = LOOKS[look % LOOKS.length];
  if (!chosen) throw new Error('no such look');
  pen.drawImage(blurredRoom(chosen), 0, 0);
  person(pen, chosen, (2 * Math.PI * frame) / frames);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

Object.defineProperty(window, '__paint', { value: paint });
