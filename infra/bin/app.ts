// What the CDK's command line runs.

import { App } from "aws-cdk-lib";
import { assemble } from "../lib/assemble.ts";

assemble(new App());
