// Maps without any tile server: our own outlines as fills and lines, and points of matters on top.
import "maplibre-gl/dist/maplibre-gl.css";
import { startMaps } from "./islands/map";

void startMaps();
