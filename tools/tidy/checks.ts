import type { Check } from "./_kit/check.ts";
import { check as banned } from "./banned.ts";
import { check as calls } from "./calls.ts";
import { check as comments } from "./comments.ts";
import { check as docstrings } from "./docstrings.ts";
import { check as faults } from "./faults.ts";
import { check as imports } from "./imports.ts";
import { check as mirror } from "./mirror.ts";
import { check as names } from "./names.ts";
import { check as readmes } from "./readmes.ts";
import { check as refusals } from "./refusals.ts";
import { check as runClosures } from "./run-closures.ts";
import { check as skippedTests } from "./skipped-tests.ts";
import { check as strictInputs } from "./strict-inputs.ts";
import { check as undo } from "./undo.ts";
import { check as walls } from "./walls.ts";
import { check as words } from "./words.ts";

/** In the order a reader would want to hear of them: borders first, then promises, then form. */
export const CHECKS: readonly Check[] = [
  imports,
  calls,
  mirror,
  refusals,
  undo,
  strictInputs,
  docstrings,
  runClosures,
  banned,
  faults,
  walls,
  names,
  comments,
  readmes,
  skippedTests,
  words,
];
