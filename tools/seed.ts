/** `npm run seed`: fills the running shop with its first catalogue and people; what is there already stays as it is. */
import { seed, tell } from "./seed/seed.ts";
import { needRunning, worldOf } from "./start/need-running.ts";

console.log(tell(await seed(worldOf(needRunning()))));
