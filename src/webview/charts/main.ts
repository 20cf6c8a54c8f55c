/**
 * Draws charts with Apache ECharts as SVG. A bundle of its own, put into the page when the first chart is opened; it hangs one function on
 * the window because a page with a content security policy loads scripts and not modules. Colours come from the theme's variables.
 */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, DataZoomComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, type ECharts, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type ChartData, type ChartRequest, type DrawnChart } from '../shared/chartRequest.js';

use([BarChart, LineChart, ScatterChart, AriaComponent, DataZoomComponent, GridComponent, TooltipComponent, SVGRenderer]);

export function drawChart(element: HTMLElement, request: ChartRequest): DrawnChart {
  const chart: ECharts = init(element, null, { renderer: 'svg' });
  chart.setOption(optionOf(request, getComputedStyle(document.body)));
  return { resize: () => chart.resize(), dispose: () => chart.dispose() };
}

function optionOf({ data, xName, yName, description }: ChartRequest, style: CSSStyleDeclaration): Parameters<ECharts['setOption']>[0] {
  const colour = (name: string, other: string): string => style.getPropertyValue(name).trim() || other;
  const foreground = colour('--vscode-foreground', style.color);
  const lines = colour('--vscode-panel-border', foreground);
  const axis = { axisLabel: { color: foreground }, axisLine: { lineStyle: { color: foreground } }, nameTextStyle: { color: foreground } };
  const split = { splitLine: { lineStyle: { color: lines } } };
  const isScatter = data.kind === 'scatter';
  return {
    animation: false,
    aria: { enabled: true, label: { description } },
    color: [colour('--vscode-charts-blue', colour('--vscode-textLink-foreground', foreground))],
    textStyle: { color: foreground, fontFamily: colour('--vscode-font-family', 'sans-serif') },
    grid: { left: 12, right: 24, top: 32, bottom: 48 },
    tooltip: { trigger: isScatter ? 'item' : 'axis', renderMode: 'richText' },
    xAxis: { type: isScatter ? 'value' : 'category', name: xName, nameLocation: 'middle', nameGap: 28, ...axis, ...(isScatter ? { scale: true, ...split } : { data: [...data.labels] }) }, // prettier-ignore
    yAxis: { type: 'value', name: yName, scale: isScatter || data.kind === 'line', ...axis, ...split },
    dataZoom: [{ type: 'inside' }],
    series: [seriesOf(data)],
  };
}

function seriesOf(data: ChartData): Record<string, unknown> {
  switch (data.kind) {
    case 'scatter':
      return { type: 'scatter', symbolSize: 6, data: data.points.map((point) => [...point]) };
    case 'histogram':
      return { type: 'bar', barCategoryGap: '2%', data: [...data.values] };
    case 'bar':
    case 'line':
      return { type: data.kind, showSymbol: data.values.length <= 200, data: [...data.values] };
  }
}

window.joineryDrawChart = drawChart;
