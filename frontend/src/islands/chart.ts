// One chart per element with `data-chart`; it draws the table named by `data-table`, so that chart
// and table never disagree. Columns are counted from the first one after the row's head.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, BarChart, GridComponent, SVGRenderer]);

// The same colour means the same thing everywhere: what came in, what was closed.
const COLOURS = ["#55616a", "#1d5fbf", "#1f7a4d"];

interface Read {
  heads: string[];
  rows: { name: string; values: (number | null)[] }[];
}

function read(table: HTMLTableElement): Read {
  const heads = [...table.tHead!.rows[0]!.cells].slice(1).map((cell) => cell.textContent?.trim() ?? "");
  const rows = [...table.tBodies[0]!.rows].map((row) => {
    const [head, ...cells] = [...row.cells];
    return {
      name: head?.textContent?.trim() ?? "",
      values: cells.map((cell) => (cell.dataset["value"] === undefined ? null : Number(cell.dataset["value"]))),
    };
  });
  return { heads, rows };
}

function draw(box: HTMLElement): void {
  const table = document.getElementById(box.dataset["table"] ?? "");
  if (!(table instanceof HTMLTableElement)) return;
  const { heads, rows } = read(table);
  const kind = box.dataset["chart"] === "bar" ? "bar" : "line";
  const columns = (box.dataset["columns"] ?? "1").split(",").map((one) => Number(one) - 1);
  const font = getComputedStyle(document.body).fontFamily;
  const chart = init(box, undefined, { renderer: "svg" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: font },
    grid: { left: 8, right: 72, top: 16, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: rows.map((row) => row.name.slice(5)), axisTick: { show: false }, axisLine: { lineStyle: { color: "#b9c2ca" } }, axisLabel: { color: "#4a555e", hideOverlap: true } },
    yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#eef1f4" } }, axisLabel: { color: "#4a555e" } },
    series: columns.map((column, number) => ({
      type: kind,
      name: heads[column],
      data: rows.map((row) => row.values[column] ?? null),
      color: COLOURS[number],
      symbolSize: 5,
      barMaxWidth: 28,
      lineStyle: { width: 2.5 },
      // Direct labels instead of a legend.
      endLabel: { show: kind === "line", formatter: "{a}", color: COLOURS[number], fontSize: 13 },
      labelLayout: { moveOverlap: "shiftY" },
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(box);
  box.dataset["drawn"] = "1";
}

export function startCharts(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-chart]")) draw(box);
}
