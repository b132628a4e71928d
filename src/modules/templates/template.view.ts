import { ApiProperty } from '@nestjs/swagger';
import { Optional, WholeParameter } from '../../commands/fields.js';
import { OnlyPageView } from '../http/page.view.js';

export class TemplateSectionView {
  /** @example risks-impact-review */
  readonly key!: string;
  /** @example "Risks & Impact Review" */
  readonly heading!: string;
  /** @example true */
  readonly required!: boolean;
  /**
   * Other headings that mean this section.
   * @example ["Risk Assessment"]
   */
  readonly aliases!: string[];
  /** What the template says below the heading: the body of a new spec's section. */
  @ApiProperty({ example: 'Concrete scenarios, each with its mitigation.\n' })
  readonly guidance!: string;
}

export class TemplateSummary {
  /** @example spec */
  readonly key!: string;
  /** The newest version. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  /** @example "Engineering specification" */
  readonly title!: string;
  /**
   * Whether it came with Specline.
   * @example true
   */
  readonly builtIn!: boolean;
  @ApiProperty({ format: 'date-time' })
  readonly publishedAt!: string;
}

export class TemplateView extends TemplateSummary {
  /** The template as it was published. */
  @ApiProperty({ example: '## Risks & Impact Review\nConcrete scenarios, each with its mitigation.\n' })
  readonly markdown!: string;
  @ApiProperty({ maxItems: 1000 })
  readonly sections!: TemplateSectionView[];
}

export class TemplateList {
  readonly items!: TemplateSummary[];
  readonly page!: OnlyPageView;
}

export class TemplateReceipt {
  /** @example rfc */
  readonly key!: string;
  /** The version that this published, or the newest one if nothing changed. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly templateVersion!: number;
  /** The version of the template's stream. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  @ApiProperty({ type: 'integer', example: 5 })
  readonly seq!: number;
}

export class TemplateVersion {
  /**
   * A version; the newest by default.
   * @example 1
   */
  @Optional()
  @WholeParameter(1, 1_000_000)
  readonly version?: number;
}
