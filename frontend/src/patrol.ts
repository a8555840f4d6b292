// The page on which a grid worker reports on the move.
import { startPatrol } from "./islands/patrol";

startPatrol();
