#!/usr/bin/env -S node --max-semi-space-size=64
import 'reflect-metadata';
import { program } from './admin/program.js';

// What nobody reads any more (a closed pipe) is not written.
process.stdout.on('error', () => process.exit(1));
process.exit(await program(process.argv));
