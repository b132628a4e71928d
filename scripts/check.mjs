// What must hold before every commit. Steps that need one core each run side by side, as long on either side, and the tests
// have the machine to themselves. Every step is a script of package.json and can be run alone; all steps run, whichever fail.
import { spawn } from 'node:child_process';

const lanes = [
  ['check:lint', 'check:imports'],
  ['check:format', 'check:types', 'check:openapi', 'check:asyncapi'],
];

const failed = (await Promise.all(lanes.map(inTurn))).flat();
failed.push(...(await inTurn(['check:tests'])));
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exit(1);
}

/** Runs steps one after the other and gives those that failed. */
async function inTurn(steps) {
  const failures = [];
  for (const step of steps) if (!(await passes(step))) failures.push(step);
  return failures;
}

/** What a step says comes in one piece when it has ended; tests speak while they run. */
function passes(step) {
  const began = performance.now();
  const child = spawn('npm', ['run', '-s', step], {
    stdio: step === 'check:tests' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => (said += piece));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      console.error(`${said}${code === 0 ? 'passed' : 'FAILED'} ${step} (${seconds} s)`);
      resolve(code === 0);
    });
  });
}
