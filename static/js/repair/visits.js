// The list, and pages of visits that are over: only sends what the phone still has.

import { begin } from "./waiting.js";

begin().catch(() => null);
