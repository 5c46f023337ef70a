#!/usr/bin/env node
import { createProgram } from './cli/createProgram.ts';

await createProgram().parseAsync();
