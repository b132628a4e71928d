import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { operationNotes, parameterSchema } from './command-document.js';
import { Problem } from './problem.view.js';

type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: object };
type Operation = {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: object;
  responses: Record<string, { headers?: object }>;
};
type Schema = { description?: string; properties?: Record<string, Schema>; required?: string[] };

const verbs = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** The OpenAPI 3.1 document of an app, from its controllers. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const description = [
    'The system of record for engineering specifications.',
    'Errors are problem documents (RFC 9457) with a stable `code`. A write to something that exists needs If-Match.',
    'Every write honours Idempotency-Key. Another organization is 404.',
  ].join(' ');
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Specline')
    .setVersion('1')
    .setDescription(description)
    .addServer('/')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'An API key of the organization in the path' },
      'apiKey',
    )
    .addSecurityRequirements('apiKey')
    .build();
  const document = SwaggerModule.createDocument(app, base, { extraModels: [Problem] });
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  for (const [path, item] of Object.entries(document.paths)) {
    for (const verb of verbs) {
      const operation = item[verb] as Operation | undefined;
      if (operation) complete(operation, path, schemas);
    }
  }
  for (const { query } of operationNotes.values()) delete schemas[query?.name ?? ''];
  return document;
}

/** Adds what decorators cannot say: parameters of the whole path and of query classes, and bodies by media type. */
function complete(operation: Operation, path: string, schemas: Record<string, Schema>): void {
  const { content, query } = operationNotes.get(operation.operationId ?? '') ?? {};
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    return { name, in: 'path', required: true, schema: parameterSchema(name) };
  });
  const rest = (operation.parameters ?? []).filter((parameter) => parameter.in !== 'path');
  const { properties = {}, required = [] } = schemas[query?.name ?? ''] ?? {};
  const fromClass = Object.entries(properties).map(([name, { description, ...schema }]) => {
    return { name, in: 'query', required: required.includes(name), ...(description && { description }), schema };
  });
  operation.parameters = [...inPath, ...rest, ...fromClass];
  if (content) operation.requestBody = { required: true, content };
  const requestId = {
    'x-request-id': { description: 'Names the request in logs and events', schema: { type: 'string' } },
  };
  for (const response of Object.values(operation.responses)) response.headers = { ...response.headers, ...requestId };
}
