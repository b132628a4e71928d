type Form = 'bullets' | 'table';

type Field = readonly [name: string, type: string];
type LendingRisk = readonly [category: string, title: string, affected: string];

const models: readonly (readonly [name: string, fields: readonly Field[]])[] = [
  [
    'Tool',
    [
      ['id', 'uuid'],
      ['organization_id', 'uuid'],
      ['name', 'text'],
    ],
  ],
  [
    'Loan',
    [
      ['id', 'uuid'],
      ['organization_id', 'uuid'],
      ['tool_id', 'uuid'],
      ['due_at', 'timestamptz'],
    ],
  ],
];
const routes = [
  ['GET', '/api/lending/tools', 'A page of tools'],
  ['POST', '/api/lending/tools', 'The new tool'],
  ['DELETE', '/api/lending/tools/{id}', 'Nothing'],
  ['GET', '/api/lending/loans', 'A page of loans'],
  ['POST', '/api/lending/loans', 'The new loan'],
  ['POST', '/api/lending/loans/{id}/return', 'The loan as it ended'],
] as const;
const risks: readonly LendingRisk[] = [
  ['Data Integrity Failures', 'A tool is lent twice', 'Loans: `/api/lending/loans`'],
  ['Cascading Failures & Side Effects', 'Reminders are sent for loans that ended', 'Reminders'],
  ['Tenant & Data Isolation Risks', 'A tool of another organization is shown', 'Tools: `/api/lending/tools`'],
  ['Migration & Deployment Risks', 'The new tables are missing while old code runs', 'Deployment'],
  ['Operational Risks', 'Nobody sees that reminders stopped', 'Reminders'],
];

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function modelText(name: string, fields: readonly Field[], form: Form): string {
  const body =
    form === 'table'
      ? table(
          ['Field', 'Type', 'Notes'],
          fields.map(([field, type]) => [`\`${field}\``, type, 'Always there']),
        )
      : fields.map(([field, type]) => `- \`${field}\`: ${type}`).join('\n');
  return `### ${name}\n${body}\n`;
}

function routesText(form: Form): string {
  if (form === 'table') {
    return `${table(
      ['Method', 'Path', 'Response'],
      routes.map(([method, path, answer]) => [method, `\`${path}\``, answer]),
    )}\n`;
  }
  return routes.map(([method, path, answer]) => `- \`${method} ${path}\`\n  - Response: ${answer}\n`).join('');
}

const riskFields = (affected: string) => [
  ['Scenario', 'Two requests come at the same moment.'],
  ['Severity', 'High'],
  ['Affected area', affected],
  ['Mitigation', 'The second one is refused.'],
  ['Residual risk', 'Somebody has to ask again.'],
];

function risksText(form: Form): string {
  return risks
    .map(([category, title, affected]) => {
      const fields = riskFields(affected);
      const body =
        form === 'table'
          ? table(['Risk', ...fields.map(([name = '']) => name)], [[title, ...fields.map(([, text = '']) => text)]])
          : `#### ${title}\n${fields.map(([name, text]) => `- **${name}**: ${text}`).join('\n')}`;
      return `### ${category}\n\n${body}\n`;
    })
    .join('\n');
}

/** A small specification that keeps every rule of the template, made here; its lists as bullets or as tables. */
export const lendingSpec = (form: Form = 'bullets'): string => `# SPEC-900: Lending of tools

## TLDR
Members lend tools from each other.

## Overview
A shelf of tools that belong to an organization, and who has which.

## Problem Statement
Today a list on paper says who has the drill, and nobody reads it.

## Proposed Solution
A loan is a record of its own, with the day on which it ends.

## Architecture
One module, with a table for tools and a table for loans.

### Commands & Events
- **Command**: \`lending.tool.create\`
- **Command**: \`lending.tool.delete\`
- **Command**: \`lending.loan.create\`
- **Command**: \`lending.loan.return\`
- **Event**: \`lending.tool.created\`
- **Event**: \`lending.loan.returned\`

### Cache Strategy
Answers of \`/api/lending/tools\` are kept for a minute, those of \`/api/lending/loans\` never.

## Data Models
${models.map(([name, fields]) => modelText(name, fields, form)).join('\n')}
## API Contracts
${routesText(form)}
## UI/UX
The shelf page reads \`GET /api/lending/tools\`.

## Risks & Impact Review
${risksText(form)}
## Final Compliance Report — 2026-11-20

### AGENTS.md Files Reviewed
- \`AGENTS.md\` (root)

### Compliance Matrix
| Rule Source | Rule | Status | Notes |
|-------------|------|--------|-------|
| root AGENTS.md | Filter by organization_id | Compliant | Every query |

### Internal Consistency Check
| Check | Status | Notes |
|-------|--------|-------|
| Data models match API contracts | Pass | Both |
| API contracts match UI/UX section | Pass | One page |
| Risks cover all write operations | Pass | Both families |
| Commands defined for all mutations | Pass | Four |
| Cache strategy covers all read APIs | Pass | Two |

### Non-Compliant Items
None.

### Verdict
- **Fully compliant**: Approved — ready for implementation

## Changelog
### 2026-11-20
- Initial specification
`;

const extended = 'POST /api/lending/loans/{id}/extend';

/** {@link lendingSpec} with one route more, for which there is no command. */
export const gappedSpec = {
  route: extended,
  markdown: lendingSpec().replace('- `POST /api/lending/loans`', `- \`${extended}\`\n- \`POST /api/lending/loans\``),
};
