// Charts of the pages of figures: loaded on those pages only.
import { startCharts } from "./islands/chart";

startCharts();
