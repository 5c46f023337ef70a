#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { createProgram } from './cli/createProgram.ts';

// V8 lets the room for new objects grow to 32 MiB, and gives it back late. A worker makes few: 2 MiB are enough for it.
setFlagsFromString('--semi-space-growth-factor=1');

await createProgram().parseAsync();
