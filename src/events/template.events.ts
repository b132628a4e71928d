export class TemplatePublished {
  readonly key!: string;
  readonly version!: number;
  readonly title!: string;
  readonly markdown!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const templateEvents = {
  'template.version.published': TemplatePublished,
};
