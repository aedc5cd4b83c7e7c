import type { BodyRule } from './body-rule.ts';
import { deferredRules } from './deferred.ts';
import { toolUseRules } from './tool-use.ts';
import { turnRules } from './turns.ts';

/** In the order in which they are looked at, behind the shape of the body and before what Converse has as well. */
export const bodyRules: readonly BodyRule[] = [...turnRules, ...toolUseRules, ...deferredRules];
