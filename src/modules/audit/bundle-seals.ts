import type { ConsistencyProof } from './audit.view.js';
import { linesOf } from './evidence-reader.js';
import { isConsistent } from './merkle-proof.js';
import type { Trust } from './seal-check.js';
import { faultsOfSeal, faultsOfSuccession } from './seal-check.js';
import type { Seal } from './seal.js';
import { sealHash } from './seal.js';
import type { Problem } from './verification-problem.js';
import type { Report } from './verification.js';

/** Problems that are told of one file: if more seals are wrong, all are. */
const mostProblems = 20;

/** What is wrong with the seals beside the events: each by itself, behind the one before, and the last one. */
export async function faultsOfSeals(
  chunks: AsyncIterable<Buffer>,
  last: Report['lastSeal'],
  trust: Trust,
): Promise<Problem[]> {
  const file = 'seals.ndjson';
  const problems: Problem[] = [];
  let before: Seal | undefined;
  for await (const { bytes } of linesOf(chunks)) {
    if (problems.length >= mostProblems) break;
    try {
      const seal = JSON.parse(bytes.toString()) as Seal;
      problems.push(...faultsOfSeal(seal, trust), ...faultsOfSuccession(seal, before, trust.keys));
      before = seal;
    } catch {
      problems.push({ check: 'malformed_line', message: 'a line is no seal' });
    }
  }
  if (last && (!before || sealHash(before) !== last.hash)) {
    const message = `they do not lead to seal ${last.number}, which proves the events`;
    problems.push({ check: 'missing_seal', message, seal: last.number });
  }
  return problems.map((problem) => ({ ...problem, file }));
}

/** Whether the proof leads from the root of the first seal to that of the last. */
export function faultsOfConsistency(text: string, last: Seal | null): Problem[] {
  const fault = (message: string): Problem[] => [{ check: 'wrong_proof', message, file: 'consistency.json' }];
  try {
    const { from, to, proof } = JSON.parse(text) as ConsistencyProof;
    if (last && (to.root !== last.root || to.size !== last.size)) return fault('it is about another seal');
    const bytes = (hex: string) => Buffer.from(hex, 'hex');
    const sized = ({ size, root }: { size: number; root: string }) => ({ size, root: bytes(root) });
    const holds = isConsistent(sized(from), sized(to), proof.map(bytes));
    return holds ? [] : fault('it does not lead from the first seal to the last');
  } catch {
    return fault('it is no proof');
  }
}
