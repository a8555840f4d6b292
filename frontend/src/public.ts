// The residents' pages.
import "./styles/index.scss";
import { startAreaChooser } from "./islands/area";
import { startCopy } from "./islands/copy";
import { startPhotos } from "./islands/photos";
import { startLocate } from "./islands/place";
import { startSmall } from "./islands/small";

startSmall();
startCopy();
startPhotos();
startAreaChooser();
startLocate();
