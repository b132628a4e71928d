import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Ask } from '../http/query-route.js';
import { Asked, QueryRoute } from '../http/query-route.js';
import { chosenMediaType } from '../http/representation.js';
import { StoryQueries, storyText } from './story.queries.js';
import { SpecStory, storyLines, StoryQuery } from './story.view.js';

@Controller('v1/organizations/:organizationId/specs/:specId')
export class StoryController {
  constructor(private readonly stories: StoryQueries) {}

  @QueryRoute('history', {
    summary: "A spec's history as a story, one line per step",
    operationId: 'getSpecHistory',
    tag: 'Audit',
    query: StoryQuery,
    view: SpecStory,
    text: storyLines,
  })
  async history(
    @Asked() { organizationId, path, query, headers }: Ask<StoryQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SpecStory | string> {
    const chosen = chosenMediaType(headers.accept, ['application/json', storyLines.mediaType]);
    const story = await this.stories.of(organizationId, path.specId ?? '', query);
    void reply.header('vary', 'Accept').header('cache-control', 'private, no-cache');
    if (chosen === 'application/json') return story;
    void reply.header('content-type', `${chosen}; charset=utf-8`);
    return storyText(story);
  }
}
