// All tests in one process: synthesis takes longer than they do.

import "./api.ts";
import "./canary.ts";
import "./data.ts";
import "./edge.ts";
import "./emulator.ts";
import "./environments.ts";
import "./functions.ts";
import "./governance.ts";
import "./monitoring.ts";
import "./security.ts";
import "./upload.ts";
import "./viewer-functions.ts";
