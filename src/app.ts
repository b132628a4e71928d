import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newId } from './commands/ids.js';
import { Refusal } from './commands/refusals.js';
import type { AppOptions } from './app.module.js';
import { AppModule } from './app.module.js';
import { registerBodyParsers } from './modules/http/body-parsers.js';
import { registerOutcomes } from './modules/http/outcome.js';
import { ProblemFilter, sendProblem } from './modules/http/problems.js';
import { answerBrokenRequest, registerEdge } from './modules/http/edge.js';

export type { AppOptions };

/** The app, ready to listen or to be asked directly; main, the tests and the OpenAPI generator use the same. */
export async function createApp(options: AppOptions, { connect = true } = {}): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : newId();
    },
    routerOptions: { maxParamLength: 500 },
    http: { requireHostHeader: false },
    // The headers have a minute, by Node's own default.
    requestTimeout: 120_000,
    clientErrorHandler: answerBrokenRequest,
    // A path that cannot be decoded never reaches a route.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, new Refusal('invalid_request', error.message), request.id),
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(options, connect), adapter, {
    bodyParser: false,
    logger: ['error', 'warn'],
  });
  registerBodyParsers(app);
  registerOutcomes(app);
  const refuseOtherMethods = registerEdge(app);
  app.useGlobalFilters(new ProblemFilter());
  if (connect) serveDocument(app);
  await app.init();
  refuseOtherMethods();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

/** The committed document, and a readable reference that loads nothing from elsewhere. */
function serveDocument(app: NestFastifyApplication): void {
  const text = readFileSync(openApiFile(), 'utf8');
  SwaggerModule.setup('docs', app, JSON.parse(text) as OpenAPIObject, {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Specline API',
    swaggerOptions: { docExpansion: 'none', displayRequestDuration: true },
  });
}

/** openapi/openapi.json at the root of the package, from the sources as well as from the build. */
function openApiFile(): URL {
  const fromSource = new URL('../openapi/openapi.json', import.meta.url);
  return import.meta.url.includes('/dist/') ? new URL('../../openapi/openapi.json', import.meta.url) : fromSource;
}
