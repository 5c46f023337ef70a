const SLIDE_S = 3;
const FONT = '"Noto Sans", system-ui, sans-serif';

interface Slide {
  readonly title: string;
  readonly points: readonly string[];
  /** Heights of a bar chart's bars, as shares of its height. */
  readonly bars: readonly number[];
}

const SLIDES: readonly Slide[] = [
  {
    title: 'Release 4.2: where we are',
    points: ['Search is twice as fast', 'Two regions left to migrate', 'Docs are in review'],
    bars: [0.35, 0.5, 0.62, 0.8, 0.92],
  },
  {
    title: 'What users told us',
    points: ['Exports take too long', 'They love the new editor', 'Mobile needs work'],
    bars: [0.9, 0.72, 0.55, 0.4, 0.3],
  },
  {
    title: 'Next two weeks',
    points: ['Ship the export queue', 'Close the migration', 'Interview eight teams'],
    bars: [0.2, 0.45, 0.4, 0.7, 0.95],
  },
];

/** Draws a slide deck that turns a page every few seconds, in a space of 1280 x 720 in the middle of the canvas. */
export function drawSlides(context: CanvasRenderingContext2D, timeS: number): void {
  const page = Math.floor(timeS / SLIDE_S) % SLIDES.length;
  const slide = SLIDES[page] as Slide;
  const grown = Math.min(1, (timeS % SLIDE_S) / 0.8);
  const { width, height } = context.canvas;
  const unit = Math.min(width / 1280, height / 720);
  context.resetTransform();
  context.fillStyle = '#fbfaf7';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#2f5bea';
  context.fillRect(0, 0, 18 * unit, height);
  context.setTransform(unit, 0, 0, unit, (width - 1280 * unit) / 2, (height - 720 * unit) / 2);
  drawText(context, slide);
  drawChart(context, slide.bars, grown);
  context.fillStyle = '#9aa1ad';
  context.font = `22px ${FONT}`;
  context.fillText(`${page + 1} / ${SLIDES.length}`, 1170, 674);
}

function drawText(context: CanvasRenderingContext2D, slide: Slide): void {
  context.fillStyle = '#16203a';
  context.font = `600 58px ${FONT}`;
  context.fillText(slide.title, 84, 132);
  context.font = `32px ${FONT}`;
  for (const [row, point] of slide.points.entries()) {
    const y = 262 + row * 92;
    context.fillStyle = '#2f5bea';
    context.fillRect(86, y - 20, 14, 14);
    context.fillStyle = '#3a4257';
    context.fillText(point, 124, y);
  }
}

function drawChart(context: CanvasRenderingContext2D, bars: readonly number[], grown: number): void {
  for (const [column, share] of bars.entries()) {
    const height = 360 * share * grown;
    context.fillStyle = column === bars.length - 1 ? '#2f5bea' : '#b9c8fb';
    context.beginPath();
    context.roundRect(720 + column * 94, 580 - height, 66, height, [8, 8, 0, 0]);
    context.fill();
  }
  context.fillStyle = '#d5d9e2';
  context.fillRect(700, 580, 490, 3);
}
