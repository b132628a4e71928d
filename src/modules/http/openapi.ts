import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { anyStep, NamedCommand, stepModels } from '../../commands/spec-batch.commands.js';
import { exampleOf, markdownExample } from './openapi-examples.js';
import { answerHeaders, headersOf } from './openapi-headers.js';
import { problemExamples, problemResponses } from './openapi-problems.js';
import type { Schema, Schemas } from './openapi-schemas.js';
import { close, complete, refTo } from './openapi-schemas.js';
import type { MarkdownForm, OperationNotes } from './operation-notes.js';
import { operationNotes } from './operation-notes.js';
import { ifNoneMatch, pathParameter, prefer, rangeHeaders } from './openapi-parameters.js';
import { FieldConflict, SectionConflict } from './merge-conflict.view.js';
import { Problem } from './problem.view.js';

type Content = Record<string, { schema: Schema; example?: unknown }>;
type Answer = { description: string; headers?: object; content?: Content };
type Operation = {
  operationId?: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, Answer>;
};

const verbs = ['get', 'put', 'post', 'delete', 'patch'] as const;

const about = [
  'The system of record for engineering specifications: they go in as Markdown, are edited by commands that become',
  'events, and come out again byte for byte.\n\n',
  'Errors are problem documents (RFC 9457) with a stable `code`. A write to something that exists needs `If-Match`;',
  'every write that has it among its parameters honours `Idempotency-Key`. A key belongs to one organization, every',
  'other one answers 404. Send an `X-Request-Id` of your own, and the log and the events name the request by it.',
].join(' ');

const tags: Record<string, string> = {
  Specs: 'Specifications: create or import, list and search, read as JSON or Markdown at any version, change, merge.',
  Sections: 'The sections of a spec, each with a version of its own: writers of different ones never collide.',
  Lifecycle: 'From draft to approval and on: one operation a transition, each with its guards.',
  Reviews: 'Votes on exactly one content, concerns, and what is missing until a spec is approved.',
  Comments: 'Threads on a spec, a section or a stretch of its text, which they follow, and suggestions to apply.',
  Templates: 'What a spec is to contain: the built-in template, and those that an organization publishes.',
  Organizations: 'Organizations and their API keys.',
  Members: 'Who acts in an organization, as a person, an agent or a service, and the groups they are in.',
  'Review policies': 'By what specs are approved: versioned, chosen by what a spec is, changed under their own rules.',
  Compliance: 'What the rules say of a spec: evaluated, never claimed, with what people link, attest and let pass.',
  'Compliance rules':
    'Where rules come from: rule files and packs, how good they are, and the contracts that specs give.',
  Webhooks: 'Endpoints that are told what happens, signed; what was sent to them; and what they can be told of.',
  Messages: 'What an endpoint is sent, for each type of event: requests to it, not to this service.',
  Audit: 'Proof that history is whole: seals, proofs, keys, and evidence to verify offline.',
  'Shared evidence': 'What whoever has a share link, and no key, can read.',
  Events: 'History as it goes on: pages to wait for, streams, and consumers whose place the server keeps.',
  Health: 'Whether the process runs, and whether it may be used.',
  Operation: 'For whoever runs the service: how background work goes, and rebuilding what is read from history.',
};

/** The OpenAPI 3.1 document of an app, from its controllers. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Specline')
    .setVersion('1')
    .setDescription(about)
    .addServer('/', 'This service')
    .addSecurity('apiKey', {
      type: 'http',
      scheme: 'bearer',
      description: 'An API key of the organization in the path.',
    })
    .addSecurity('operatorKey', {
      type: 'http',
      scheme: 'bearer',
      description: 'The key of whoever runs the service (SPECLINE_OPERATOR_KEY).',
    })
    .addSecurity('shareToken', {
      type: 'http',
      scheme: 'bearer',
      description: 'The token of a share link: it opens what is shared, and nothing else.',
    })
    .addSecurityRequirements('apiKey');
  for (const [name, description] of Object.entries(tags)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    extraModels: [Problem, SectionConflict, FieldConflict, ...stepModels],
    // A second tag, by the class, makes generated clients declare each operation twice.
    autoTagControllers: false,
  });
  document.info.contact = { name: 'The maintainers of Specline' };
  Object.assign(document.info, { license: { name: 'All rights reserved', identifier: 'LicenseRef-UNLICENSED' } });

  const schemas = (document.components?.schemas ?? {}) as Schemas;
  // What the name decides is not for decorators to say; under a name of its own every generator understands it.
  Object.assign(schemas, { [NamedCommand.name]: anyStep });
  for (const schema of Object.values(schemas)) complete(schema);
  for (const [path, item] of Object.entries(document.paths)) {
    for (const verb of verbs) {
      const operation = item[verb] as Operation | undefined;
      const notes = operationNotes.get(operation?.operationId ?? '');
      if (operation && notes) describe(operation, path, notes, schemas);
    }
  }
  // Their members are parameters and bodies by now.
  for (const { query, markdown } of operationNotes.values()) {
    for (const type of [query?.type, markdown]) delete schemas[type?.name ?? ''];
  }
  Object.assign(document.components ?? {}, { headers: answerHeaders, examples: problemExamples });
  return document;
}

/** Adds what decorators cannot say: parameters, bodies by media type, examples, headers and problems. */
function describe(operation: Operation, path: string, notes: OperationNotes, schemas: Schemas): void {
  const inHeader = (operation.parameters ?? []).filter((parameter) => parameter.in === 'header');
  const isConditional = Object.hasOwn(operation.responses, '304');
  operation.parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => pathParameter(name)),
    ...inHeader,
    ...(isConditional ? [ifNoneMatch] : []),
    ...(notes.inParts ? rangeHeaders : []),
    ...(notes.honoursWait ? [prefer] : []),
    ...queryParameters(notes, schemas),
  ];
  const content = requestContent(notes, schemas);
  if (content) operation.requestBody = { required: !notes.bodyIsOptional, content };
  // Without a description it is what the swagger module supposes.
  const answers = Object.entries(operation.responses).filter(([, { description }]) => description !== '');
  for (const [status, answer] of answers) answerWith(answer, status, notes, schemas);
  const isPaged = operation.parameters.some(({ name }) => name === 'cursor');
  const problems = problemResponses([...notes.problems, ...(isPaged ? (['invalid_cursor'] as const) : [])]);
  operation.responses = { ...Object.fromEntries(answers), ...(problems as Operation['responses']) };
}

function queryParameters({ query }: OperationNotes, schemas: Schemas): { name: string; in: string }[] {
  const { properties = {}, required = [] } = schemas[query?.type.name ?? ''] ?? {};
  const asked = Object.entries(properties).filter(([name]) => query?.names?.includes(name) ?? true);
  return asked.map(([name, { description, example, ...schema }]) => {
    const told = { ...(description && { description }), ...(example !== undefined && { example }) };
    return { name, in: 'query', required: required.includes(name), ...told, schema };
  });
}

function requestContent({ json, markdown }: OperationNotes, schemas: Schemas): Content | undefined {
  if (!json && !markdown) return undefined;
  const body = refTo(json?.name ?? '');
  if (json) close(body, schemas);
  const { description, example, ...text } = schemas[markdown?.name ?? '']?.properties?.markdown ?? {};
  return {
    ...(json && { 'application/json': { schema: body, example: exampleOf(body, schemas, json.name) } }),
    ...(markdown && { 'text/markdown': { schema: { ...text, description }, example } }),
  };
}

function answerWith(answer: Answer, status: string, notes: OperationNotes, schemas: Schemas): void {
  const headers = status === '206' ? [...notes.headers, 'Content-Range' as const] : notes.headers;
  answer.headers = headersOf(['X-Request-Id', ...(status === '304' ? (['ETag'] as const) : headers)]);
  const json = answer.content?.['application/json'];
  if (!json) return;
  json.example = exampleOf(json.schema, schemas, json.schema.$ref);
  if (notes.alternative) {
    const { mediaType, description, example } = notes.alternative;
    const schema: Schema = { type: typeof example === 'string' ? 'string' : 'object', description };
    if (schema.type === 'string') complete(schema);
    answer.content = { ...answer.content, [mediaType]: { schema, example } };
  }
  for (const { mediaType, description, example } of notes.answersPictures ?? []) {
    // Bytes have no type (OpenAPI 3.1, section 4.8.14.3).
    const schema = { description, contentMediaType: mediaType };
    answer.content = { ...answer.content, [mediaType]: { schema, example } };
  }
  if (!notes.answersMarkdown) return;
  const form = notes.answersMarkdown === true ? documentForm(json.example) : notes.answersMarkdown;
  const text: Schema = { type: 'string', description: form.description };
  complete(text);
  answer.content = { ...answer.content, 'text/markdown': { schema: text, example: form.example } };
}

const documentForm = (example: unknown): MarkdownForm => {
  return { description: 'Byte for byte as it was imported and edited.', example: markdownExample(example) };
};
