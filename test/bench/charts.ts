import * as echarts from 'echarts';

/** Draws a chart as SVG without a browser. */
export function renderChart(option: object, size: { widthPx: number; heightPx: number }): string {
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: size.widthPx,
    height: size.heightPx,
  });
  chart.setOption({ animation: false, backgroundColor: '#ffffff', ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

export interface TimeSeries {
  readonly name: string;
  /** Pairs of minutes and value. */
  readonly points: readonly (readonly [number, number])[];
}

/** Draws panels one above the other over the same minutes, each with a scale of its own. */
export function timeChart(title: string, series: readonly TimeSeries[]): object {
  const share = 86 / series.length;
  const top = (index: number) => `${9 + index * share}%`;
  return {
    title: { text: title, left: 'center' },
    grid: series.map((_, index) => ({
      left: 70,
      right: 30,
      top: top(index + 0.14),
      height: `${share * 0.66}%`,
    })),
    xAxis: series.map((_, gridIndex) => ({
      gridIndex,
      type: 'value',
      name: gridIndex === series.length - 1 ? 'minutes' : '',
      nameLocation: 'middle',
      nameGap: 25,
      max: 'dataMax',
      axisLabel: { formatter: (minutes: number) => String(Math.round(minutes)) },
    })),
    yAxis: series.map(({ name }, gridIndex) => ({
      gridIndex,
      type: 'value',
      name,
      nameTextStyle: { align: 'left', color: '#222', fontSize: 13 },
      scale: true,
    })),
    series: series.map(({ name, points }, index) => ({
      name,
      type: 'line',
      xAxisIndex: index,
      yAxisIndex: index,
      showSymbol: false,
      lineStyle: { width: 1.2 },
      data: points,
    })),
  };
}

export interface BarGroup {
  readonly name: string;
  /** One value per category; null if it was not measured. */
  readonly values: readonly (number | null)[];
}

/** Draws two panels of bars side by side. A dashed line is the goal. */
export function barChart(
  panels: readonly {
    readonly title: string;
    readonly categories: readonly string[];
    readonly groups: readonly BarGroup[];
  }[],
): object {
  const width = 100 / panels.length;
  return {
    legend: { top: 5, data: panels[0]?.groups.map(({ name }) => name) },
    title: panels.map(({ title }, index) => ({
      text: title,
      left: `${(index + 0.5) * width}%`,
      top: 32,
      textAlign: 'center',
      textStyle: { fontSize: 14 },
    })),
    grid: panels.map((_, index) => ({
      left: `${index * width + 4}%`,
      width: `${width - 7}%`,
      top: 70,
      bottom: 50,
    })),
    xAxis: panels.map(({ categories }, gridIndex) => ({
      gridIndex,
      type: 'category',
      data: categories,
      axisLabel: { interval: 0, fontSize: 11 },
    })),
    yAxis: panels.map((_, gridIndex) => ({ gridIndex, type: 'value' })),
    series: panels.flatMap(({ groups }, index) =>
      groups.map(({ name, values }) => ({
        name,
        type: 'bar',
        xAxisIndex: index,
        yAxisIndex: index,
        data: values,
        label: { show: true, position: 'top', fontSize: 10 },
      })),
    ),
  };
}
