import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { renderAsync } from '@resvg/resvg-js';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const family = 'DejaVu Sans';
// The same letters on every machine, whatever fonts it has.
const font = {
  loadSystemFonts: false,
  fontFiles: [createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')],
  defaultFontFamily: family,
  sansSerifFamily: family,
};

// Without a canvas nothing measures text: its letters are at most this wide on average, so that none run into another.
const widthOfLetter = 0.64;
setPlatformAPI({
  measureText: (text, style = '') => ({
    width: [...text].length * widthOfLetter * parseFloat(/[\d.]+(?=px)/.exec(style)?.[0] ?? '12'),
  }),
});

// Plain JavaScript, because a thread starts from a file: the sources' tests and the built program start the same one.
parentPort?.on('message', async ({ id, option, size, mediaType }) => {
  try {
    const svg = drawn(option, size);
    const picture = mediaType === 'image/png' ? (await renderAsync(svg, { font })).asPng() : svg;
    parentPort.postMessage({ id, picture: Buffer.from(picture) });
  } catch (error) {
    parentPort.postMessage({ id, error });
  }
});

function drawn(option, size) {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: `${family}, sans-serif` }, ...option });
    return chart.renderToSVGString();
  } finally {
    // Or its timers keep the thread.
    chart.dispose();
  }
}
